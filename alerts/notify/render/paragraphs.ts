import type { Notice, NoticeItem } from '../notice.js';
import { MAX_ITEMS } from '../notice.js';
import { moreInWords, oneLine, severityWord, word } from '../words.js';
import { clip } from './cut.js';

/** How one channel writes. What is given to `text` is anything; the rest is given what `text` made. */
export interface Markup {
  readonly text: (value: string) => string;
  readonly bold: (escaped: string) => string;
  readonly link: (label: string, url: string) => string;
  /** Lines of a diff. */
  readonly diff: (lines: readonly string[]) => string;
  /** Between two lines of one paragraph. */
  readonly newline: string;
}

/** 3: all there is; 2: without diffs; 1: cause, place and first action; 0: cause and place. */
export type Detail = 0 | 1 | 2 | 3;
export const DETAILS: readonly Detail[] = [3, 2, 1, 0];

/** A name or a sentence longer than this tells nothing more. */
const MAX_NAME = 120;
const MAX_SENTENCE = 400;

/** What is said of each cause, a paragraph each, and what was left out. The headline is the channel's to place. */
export function paragraphs(notice: Notice, isRepeated: boolean, markup: Markup, detail: Detail): readonly string[] {
  const { language } = notice;
  const shown = notice.items.slice(0, MAX_ITEMS);
  const more = notice.more + notice.items.length - shown.length;
  const isOfMany = notice.kind === 'many-jobs' || notice.kind === 'digest';
  const open = notice.link === undefined ? [] : [markup.link(word('open', language), notice.link)];
  return [
    ...(isRepeated ? [markup.text(word('repeated', language))] : []),
    ...shown.map((item) => paragraph(item, notice, markup, isOfMany && detail > 1 ? 1 : detail)),
    ...(more > 0 ? [[markup.text(moreInWords(more, language)), ...open].join(' · ')] : []),
    ...(more === 0 && shown.length === 0 ? open : []),
  ];
}

function paragraph(item: NoticeItem, { language, kind }: Notice, markup: Markup, detail: Detail): string {
  const { text, bold, newline } = markup;
  const line = (label: 'evidence' | 'action', value: string): string =>
    `${bold(text(word(label, language)))}: ${text(clip(oneLine(value), MAX_SENTENCE))}`;
  const isOver = item.resolvedMs !== undefined || kind === 'resolved';
  const state = isOver ? word('resolved', language) : severityWord(item.severity, language);
  const where = [
    `${word('job', language)} ${clip(oneLine(item.jobName), MAX_NAME)}`,
    ...(item.vertex === undefined ? [] : [`${word('vertex', language)} ${clip(oneLine(item.vertex), MAX_NAME)}`]),
    `${word('cluster', language)} ${clip(oneLine(item.cluster), MAX_NAME)}`,
  ];
  const links = [
    ...(item.link === undefined ? [] : [markup.link(word('open', language), item.link)]),
    ...(item.runbook === undefined ? [] : [markup.link(word('runbook', language), item.runbook)]),
  ];
  const diff = item.action?.diff?.split('\n').map(oneLine) ?? [];
  return [
    bold(text(`[${state}] ${clip(oneLine(item.title), MAX_SENTENCE)}`)),
    text(where.join(' · ')),
    ...(detail >= 2 && !isOver ? [text(clip(oneLine(item.summary), MAX_SENTENCE))] : []),
    ...(detail >= 2 && !isOver ? item.evidence.map((value) => line('evidence', value)) : []),
    ...(detail >= 1 && !isOver && item.action !== undefined ? [line('action', item.action.title)] : []),
    ...(detail >= 3 && !isOver && diff.length > 0 ? [markup.diff(diff)] : []),
    ...(links.length > 0 ? [links.join(' · ')] : []),
  ].join(newline);
}

/** The fullest text that fits; when none does, the shortest, for the caller to cut. */
export function fullest(render: (detail: Detail) => string, fits: (text: string) => boolean): string {
  for (const detail of DETAILS) {
    const text = render(detail);
    if (fits(text)) return text;
  }
  return render(0);
}
