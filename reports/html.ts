import type { Language } from '../analyzer/text.js';
import type { Detail } from './blocks-of-jobs.js';
import type { Block, ChartName, FindingItem, ReportDocument, Table } from './blocks.js';
import { documentOf } from './document.js';
import { escapeHtml as escape, escapeLines, plainLines } from './escape.js';
import { STYLE } from './html-style.js';
import type { WeeklyReport } from './model.js';

/** Mail programs cut what is longer: Gmail at 102 KB. */
export const MAX_HTML_BYTES = 90 * 1024;

/** Where a chart's picture is: `cid:…` in mail, `data:…` on a page; undefined: the table alone. */
export type ChartSource = (
  chart: ChartName,
) => { readonly src: string; readonly width: number; readonly height: number } | undefined;

/** With less and less of each job until it fits; what is left out is said. */
const DETAILS: readonly Detail[] = [
  { jobs: 500, findingsPerJob: 8 },
  { jobs: 200, findingsPerJob: 4 },
  { jobs: 120, findingsPerJob: 2 },
  { jobs: 100, findingsPerJob: 1 },
  { jobs: 100, findingsPerJob: 0 },
  { jobs: 60, findingsPerJob: 0 },
  { jobs: 25, findingsPerJob: 0 },
];

/** A page or mail that stands alone: no script, nothing loaded from elsewhere. Pictures are not counted in its size. */
export function renderHtml(report: WeeklyReport, language: Language, chart: ChartSource = () => undefined): string {
  let html = '';
  for (const detail of DETAILS) {
    html = page(documentOf(report, language, detail), language, chart);
    if (sizeOf(html) <= MAX_HTML_BYTES) return html;
  }
  return html;
}

/** Without the pictures that it carries: they have a limit of their own. */
function sizeOf(html: string): number {
  return Buffer.byteLength(html.replace(/src="data:[^"]*"/g, ''));
}

function page(
  { title, subtitle, verdict, blocks, foot }: ReportDocument,
  language: Language,
  chart: ChartSource,
): string {
  return `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark"><title>${escape(title)}</title><style>${STYLE}</style></head>
<body><table role="presentation" class="out"><tr><td align="center"><table role="presentation" class="in" width="600"><tr><td><main>
<h1>${escape(title)}</h1><p class="sub">${escape(subtitle)}</p><p class="say">${escape(verdict)}</p>
${blocks.map((block) => blockHtml(block, chart)).join('\n')}
<p class="foot">${escape(foot)}</p></main></td></tr></table></td></tr></table></body></html>
`;
}

function blockHtml(block: Block, chart: ChartSource): string {
  switch (block.kind) {
    case 'heading':
      return `<h2>${escape(block.text)}</h2>`;
    case 'note':
      return `<p${block.isCaution === true ? ' class="caution"' : ''}>${escape(block.text)}</p>`;
    case 'tiles':
      return `<table role="presentation" class="tiles"><tr>${block.items
        .map(
          ({ label, value, note }) =>
            `<td><p class="k">${escape(label)}</p><p class="v">${escape(value)}</p>${note === undefined ? '' : `<p class="n">${escape(note)}</p>`}</td>`,
        )
        .join('')}</tr></table>`;
    case 'chart':
      return chartHtml(block.name, block.alt, block.table, chart);
    case 'table':
      return tableHtml(block);
    case 'action':
      return `<div class="card ${block.severity}"><h3>${block.number}. ${escape(block.title)}</h3><p class="n">${escape(block.job)}</p><p><b class="${block.severity}">${escape(block.severityWord)}</b> ${escape(block.because)}</p>${block.facts
        .map((fact) => `<p class="n">${escape(fact)}</p>`)
        .join('')}${block.diff === undefined ? '' : diffHtml(block.diff)}</div>`;
    case 'group':
      return `<h3>${escape(block.title)}</h3>${items(block.items, block.more)}`;
    case 'job':
      return `<div class="job"><h3>${escape(block.name)} <small>${escape(block.place)}</small></h3><p class="n">${block.health === undefined ? '' : `<b>${escape(block.health)}</b> · `}${escape(block.figures)}</p>${
        block.caution === undefined ? '' : `<p class="caution">${escape(block.caution)}</p>`
      }${block.findings.length === 0 ? (block.more === undefined ? '' : `<p class="n">${escape(block.more)}</p>`) : items(block.findings, block.more)}</div>`;
  }
}

function items(list: readonly FindingItem[], more: string | undefined): string {
  const lines = list.map(
    ({ severity, severityWord, change, text }) =>
      `<li><b class="${severity}">${escape(severityWord)}</b>${change === undefined ? '' : ` <i>${escape(change)}</i>`} ${escape(text)}</li>`,
  );
  return `<ul>${lines.join('')}${more === undefined ? '' : `<li>${escape(more)}</li>`}</ul>`;
}

function chartHtml(name: ChartName, alt: string, table: Table, chart: ChartSource): string {
  const picture = chart(name);
  const image =
    picture === undefined
      ? ''
      : `<img src="${picture.src}" width="${picture.width}" height="${picture.height}" alt="${escape(alt)}">`;
  return `<h2>${escape(table.caption)}</h2>${image}${tableHtml(table)}`;
}

/** Its caption stands above as a heading. */
function tableHtml({ caption, head, rows }: Table): string {
  const headCells = head.map((cell, i) => `<th scope="col"${i === 0 ? '' : ' class="f"'}>${escape(cell)}</th>`);
  const bodyRows = rows.map((row) => {
    const cells = row.map((cell, i) =>
      i === 0 ? `<th scope="row">${escape(cell)}</th>` : `<td class="f">${escape(cell)}</td>`,
    );
    return `<tr>${cells.join('')}</tr>`;
  });
  return `<table class="data" aria-label="${escape(caption)}"><thead><tr>${headCells.join('')}</tr></thead><tbody>${bodyRows.join('')}</tbody></table>`;
}

function diffHtml({ title, text }: { readonly title: string; readonly text: string }): string {
  const lines = plainLines(text).map((line) => {
    const kind = line.startsWith('+') ? 'add' : line.startsWith('-') ? 'del' : undefined;
    return kind === undefined ? escapeLines(line) : `<span class="${kind}">${escapeLines(line)}</span>`;
  });
  return `<p class="n">${escape(title)}</p><pre>${lines.join('\n')}</pre>`;
}
