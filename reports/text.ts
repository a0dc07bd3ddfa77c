import type { Language } from '../analyzer/text.js';
import { EVERYTHING } from './blocks-of-jobs.js';
import type { Block, FindingItem, Table } from './blocks.js';
import { documentOf } from './document.js';
import { oneLine, plainLines } from './escape.js';
import type { WeeklyReport } from './model.js';

/** For terminals and for mail that shows no HTML. */
export function renderText(report: WeeklyReport, language: Language): string {
  const { title, subtitle, verdict, blocks, foot } = documentOf(report, language, EVERYTHING);
  const lines = [title, subtitle, '', verdict, ...blocks.flatMap(blockLines), '', foot];
  return `${lines.flatMap((line) => (line === '' ? [line] : plainLines(line))).join('\n')}\n`;
}

function blockLines(block: Block): readonly string[] {
  switch (block.kind) {
    case 'heading':
      return ['', `== ${block.text} ==`];
    case 'note':
      return [`${block.isCaution === true ? '! ' : ''}${block.text}`];
    case 'tiles':
      return [
        '',
        ...block.items.map(({ label, value, note }) => `${label}: ${value}${note === undefined ? '' : ` (${note})`}`),
      ];
    case 'chart':
      return ['', block.table.caption, ...tableLines(block.table)];
    // Its caption stands above as a heading.
    case 'table':
      return tableLines(block);
    case 'action':
      return [
        '',
        `${block.number}. ${block.title}`,
        `   ${oneLine(block.job)} · ${block.severityWord}: ${oneLine(block.because)}`,
        ...block.facts.map((fact) => `   ${oneLine(fact)}`),
        ...(block.diff === undefined
          ? []
          : [`   ${block.diff.title}:`, ...plainLines(block.diff.text).map((line) => `     ${line}`)]),
      ];
    case 'group':
      return [
        '',
        `${block.title}:`,
        ...block.items.map(itemLine),
        ...(block.more === undefined ? [] : [`  ${block.more}`]),
      ];
    case 'job':
      return [
        '',
        [
          `${oneLine(block.name)} (${oneLine(block.place)})`,
          ...(block.health === undefined ? [] : [block.health]),
        ].join(' · '),
        `  ${block.figures}`,
        ...(block.caution === undefined ? [] : [`  ! ${block.caution}`]),
        ...block.findings.map(itemLine),
        ...(block.more === undefined ? [] : [`  ${block.more}`]),
      ];
  }
}

function itemLine({ severityWord, change, text }: FindingItem): string {
  return `  - ${severityWord}${change === undefined ? '' : `, ${change}`}: ${oneLine(text)}`;
}

function tableLines({ head, rows }: Table): readonly string[] {
  const cells = [head, ...rows].map((row) => row.map(oneLine));
  const widths = head.map((_, column) => Math.max(...cells.map((row) => widthOf(row[column] ?? ''))));
  const lineOf = (row: readonly string[]): string =>
    row
      .map((cell, column) => {
        const room = ' '.repeat((widths[column] ?? 0) - widthOf(cell));
        return column === 0 ? cell + room : room + cell;
      })
      .join('  ')
      .trimEnd();
  return cells.map((row) => `  ${lineOf(row)}`);
}

/** Han characters take two cells of a terminal. */
const widthOf = (text: string): number =>
  [...text].reduce((total, character) => total + (/[\u2e80-\u9fff\uff00-\uff60]/.test(character) ? 2 : 1), 0);
