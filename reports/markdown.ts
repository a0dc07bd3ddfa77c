import type { Language } from '../analyzer/text.js';
import { EVERYTHING } from './blocks-of-jobs.js';
import type { Block, FindingItem, Table } from './blocks.js';
import { documentOf } from './document.js';
import { escapeMarkdown as escape } from './escape.js';
import { plainLines } from './escape.js';
import type { WeeklyReport } from './model.js';

/** For wikis and issues. A chart is its table: Markdown has no place for a picture that stands alone. */
export function renderMarkdown(report: WeeklyReport, language: Language): string {
  const { title, subtitle, verdict, blocks, foot } = documentOf(report, language, EVERYTHING);
  const parts = [
    `# ${escape(title)}`,
    escape(subtitle),
    `**${escape(verdict)}**`,
    ...blocks.flatMap(blockParts),
    `_${escape(foot)}_`,
  ];
  return `${parts.join('\n\n')}\n`;
}

/** Each is a paragraph of its own. */
function blockParts(block: Block): readonly string[] {
  switch (block.kind) {
    case 'heading':
      return [`## ${escape(block.text)}`];
    case 'note':
      return [block.isCaution === true ? `> ${escape(block.text)}` : escape(block.text)];
    case 'tiles':
      return [
        block.items
          .map(
            ({ label, value, note }) =>
              `- ${escape(label)}: **${escape(value)}**${note === undefined ? '' : ` · ${escape(note)}`}`,
          )
          .join('\n'),
      ];
    case 'chart':
      return [`**${escape(block.table.caption)}**`, ...tableParts(block.table)];
    // Its caption stands above as a heading.
    case 'table':
      return tableParts(block);
    case 'action':
      return [
        `### ${block.number}. ${escape(block.title)}`,
        [
          `${escape(block.job)} · **${escape(block.severityWord)}** ${escape(block.because)}`,
          ...block.facts.map(escape),
        ].join('  \n'),
        ...(block.diff === undefined ? [] : [`${escape(block.diff.title)}:`, fenced(block.diff.text)]),
      ];
    case 'group':
      return [`**${escape(block.title)}**`, items(block.items, block.more)];
    case 'job':
      return [
        `### ${escape(block.name)} (${escape(block.place)})`,
        [...(block.health === undefined ? [] : [escape(block.health)]), escape(block.figures)].join('  \n'),
        ...(block.caution === undefined ? [] : [`> ${escape(block.caution)}`]),
        ...(block.findings.length === 0 ? [] : [items(block.findings, block.more)]),
      ];
  }
}

function items(list: readonly FindingItem[], more: string | undefined): string {
  const lines = list.map(
    ({ severityWord, change, text }) =>
      `- **${escape(severityWord)}**${change === undefined ? '' : ` · ${escape(change)}`} ${escape(text)}`,
  );
  return [...lines, ...(more === undefined ? [] : [`- ${escape(more)}`])].join('\n');
}

function tableParts({ head, rows }: Table): readonly string[] {
  const lineOf = (cells: readonly string[]): string => `| ${cells.map(escape).join(' | ')} |`;
  const rule = `| ${head.map((_, column) => (column === 0 ? '---' : '--:')).join(' | ')} |`;
  return [[lineOf(head), rule, ...rows.map(lineOf)].join('\n')];
}

/** The fence is longer than any run of backticks inside. */
function fenced(text: string): string {
  const lines = plainLines(text);
  const longest = Math.max(2, ...lines.flatMap((line) => (line.match(/`+/g) ?? []).map((run) => run.length)));
  const fence = '`'.repeat(longest + 1);
  return [`${fence}diff`, ...lines, fence].join('\n');
}
