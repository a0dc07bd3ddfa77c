import type { Language } from '../../analyzer/text.js';
import type { ReportFormat } from '../../dashboard/contract.js';
import type { ChartPicture, Fonts } from '../../reports/charts/charts.js';
import type { WeeklyReport } from '../../reports/model.js';
import { renderReport } from '../../reports/render.js';
import type { ReportMail } from './send-mail.js';

/** A report as one text; a page of HTML carries its charts in itself. */
export async function renderedReport(report: WeeklyReport, format: ReportFormat, language: Language): Promise<string> {
  if (format !== 'html') return renderReport(report, format, language);
  const { embedded } = await charting();
  return renderReport(report, 'html', language, embedded(await picturesOf(report, language)));
}

/** A report as mail: HTML with its charts attached, and the same as text. */
export async function reportMail(report: WeeklyReport, language: Language, to: readonly string[]): Promise<ReportMail> {
  const { attached, cidOf } = await charting();
  const pictures = await picturesOf(report, language);
  const text = renderReport(report, 'text', language);
  return {
    to,
    subject: subjectOf(text),
    html: renderReport(report, 'html', language, attached(pictures)),
    text,
    attachments: pictures.map(({ name, png }) => ({
      cid: cidOf(name),
      filename: `${name}.png`,
      content: png,
      contentType: 'image/png',
    })),
  };
}

/** The title is the first line of the text, and free of line ends. */
const subjectOf = (text: string): string => text.split('\n', 1)[0] ?? '';

/** D3 and the renderer are loaded when the first chart is drawn: a service that only watches needs neither. */
const charting = () => import('../../reports/charts/charts.js');

let fonts: Promise<Fonts> | undefined;

async function picturesOf(report: WeeklyReport, language: Language): Promise<readonly ChartPicture[]> {
  const { chartPictures, systemFonts } = await charting();
  fonts ??= systemFonts();
  return chartPictures(report, language, await fonts);
}
