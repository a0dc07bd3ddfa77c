import { renderAsync, type ResvgRenderOptions } from '@resvg/resvg-js';
import type { Language } from '../../analyzer/text.js';
import type { ChartName } from '../blocks.js';
import type { ChartSource } from '../html.js';
import type { WeeklyReport } from '../model.js';
import { findingsChart } from './findings-chart.js';
import { healthChart } from './health-chart.js';
import { CHART_HEIGHT, CHART_WIDTH, FONT_FAMILIES } from './palette.js';

export interface ChartPicture {
  readonly name: ChartName;
  readonly png: Buffer;
  readonly width: number;
  readonly height: number;
}

/** Drawn twice as large as shown: screens of two pixels to one are common. */
const ZOOM = 2;
/** Pictures that a page carries in itself, all together; beyond, the page has the tables alone. */
export const MAX_DATA_URI_BYTES = 200 * 1024;

const OPTIONS: ResvgRenderOptions = {
  fitTo: { mode: 'zoom', value: ZOOM },
  font: { loadSystemFonts: true, defaultFontFamily: 'DejaVu Sans', sansSerifFamily: 'DejaVu Sans' },
};

/**
 * The report's charts as PNG, drawn off the event loop with the fonts of the system. Without a CJK font the labels of a Chinese
 * chart would be empty boxes, so those are in English then; the table beside it stays Chinese. Without any font a chart would
 * have no labels at all, and the table stands alone.
 */
export async function chartPictures(
  report: WeeklyReport,
  language: Language,
  fonts: Fonts,
): Promise<readonly ChartPicture[]> {
  if (report.jobsWatched === 0 || !fonts.latin) return [];
  const words = language === 'zh-CN' && !fonts.han ? 'en' : language;
  const svgs: readonly (readonly [ChartName, string])[] = [
    ...(report.curve.some(({ now, before }) => now !== undefined || before !== undefined)
      ? [['health', healthChart(report, words)] as const]
      : []),
    ['findings', findingsChart(report, words)],
  ];
  return Promise.all(
    svgs.map(async ([name, svg]) => ({
      name,
      png: (await renderAsync(svg, OPTIONS)).asPng(),
      width: CHART_WIDTH,
      height: CHART_HEIGHT,
    })),
  );
}

export interface Fonts {
  readonly latin: boolean;
  readonly han: boolean;
}

/** Two characters that differ look the same only where the system has no font with them. */
export async function systemFonts(): Promise<Fonts> {
  const of = async (character: string): Promise<Buffer> => {
    const family = FONT_FAMILIES.join(', ');
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><text x="4" y="30" font-size="24" font-family="${family}">${character}</text></svg>`;
    return (await renderAsync(svg, OPTIONS)).asPng();
  };
  const differ = async (one: string, other: string): Promise<boolean> => !(await of(one)).equals(await of(other));
  return { latin: await differ('l', 'M'), han: await differ('周', '警') };
}

/** Pictures inside of the page, as far as they keep the limit. */
export function embedded(pictures: readonly ChartPicture[]): ChartSource {
  const sources = pictures.map(({ name, png, width, height }) => ({
    name,
    source: { src: `data:image/png;base64,${png.toString('base64')}`, width, height },
  }));
  const total = sources.reduce((sum, { source }) => sum + source.src.length, 0);
  return (wanted) => (total > MAX_DATA_URI_BYTES ? undefined : sources.find(({ name }) => name === wanted)?.source);
}

export const cidOf = (name: ChartName): string => `${name}@weir`;

/** Pictures as parts of the mail. */
export function attached(pictures: readonly ChartPicture[]): ChartSource {
  return (wanted) => {
    const found = pictures.find(({ name }) => name === wanted);
    return found === undefined ? undefined : { src: `cid:${cidOf(wanted)}`, width: found.width, height: found.height };
  };
}
