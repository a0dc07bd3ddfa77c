import type { Notice } from '../notice.js';
import { word } from '../words.js';
import { clip } from './cut.js';
import { escapeHtml, HTML, PLAIN } from './markup.js';
import { paragraphs } from './paragraphs.js';

/** RFC 5322 §2.1.1 allows 998 in a line of the header; readers show far less. */
const MAX_SUBJECT = 200;

export const mailSubject = ({ headline }: Notice): string => clip(`[Weir] ${headline}`, MAX_SUBJECT);

export function mailText(notice: Notice, isRepeated: boolean): string {
  return `${[notice.headline, ...paragraphs(notice, isRepeated, PLAIN, 3)].join('\n\n')}\n`;
}

/** One column, no script, no image, no style sheet that a reader could drop; light and dark as the reader has it. */
export function mailHtml(notice: Notice, isRepeated: boolean): string {
  const { language, headline } = notice;
  const bodies = paragraphs(notice, isRepeated, HTML, 3).map(
    // A block ends its line by itself.
    (text) => `<div style="margin:0 0 16px;line-height:1.5">${text.replaceAll('</pre><br>', '</pre>')}</div>`,
  );
  return [
    `<!doctype html><html lang="${language}"><head><meta charset="utf-8">`,
    '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">',
    `<title>${escapeHtml(headline)}</title></head>`,
    '<body style="margin:0;padding:16px;font-family:system-ui,sans-serif;font-size:15px">',
    `<div style="max-width:600px;margin:0 auto;border-left:4px solid ${colourOf(notice)};padding-left:12px">`,
    `<h1 style="font-size:18px;margin:0 0 16px">${escapeHtml(headline)}</h1>`,
    ...bodies,
    `<p style="font-size:12px;opacity:0.7;margin:24px 0 0">${footer(notice)}</p>`,
    '</div></body></html>',
  ].join('\n');
}

function footer({ cluster, language }: Notice): string {
  return cluster === undefined ? 'Weir' : `Weir · ${escapeHtml(`${word('cluster', language)} ${cluster}`)}`;
}

function colourOf({ kind, severity }: Notice): string {
  if (kind === 'resolved' || kind === 'cluster-back') return '#2e7d32';
  if (kind === 'test') return '#1565c0';
  return severity === 'critical' ? '#c62828' : '#ef6c00';
}
