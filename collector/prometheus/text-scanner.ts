import { MAX_LINE_CHARS } from './limits.js';

/** One line of the text: the name, the labels as they stand between the braces, the value. */
export type OnSeries = (name: string, labels: string, value: number) => void;

/**
 * Scans Prometheus' text format 0.0.4 as it arrives, in pieces cut anywhere. Lines of names that nobody wants cost a look
 * at their name: of the 79 series of a task (REST-TRUTH §8) Weir needs fifteen.
 */
export class TextScanner {
  /** Lines that are neither a series nor a comment. */
  malformed = 0;
  /** Series seen, wanted or not. */
  series = 0;
  readonly #isWanted: (name: string) => boolean;
  readonly #onSeries: OnSeries;
  #rest = '';
  #skipsLine = false;

  constructor(isWanted: (name: string) => boolean, onSeries: OnSeries) {
    this.#isWanted = isWanted;
    this.#onSeries = onSeries;
  }

  push(piece: string): void {
    const text = this.#rest + piece;
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      if (this.#skipsLine) this.#skipsLine = false;
      else this.#line(text, start, end);
      start = end + 1;
    }
    this.#rest = text.slice(start);
    if (this.#skipsLine || this.#rest.length <= MAX_LINE_CHARS) return;
    this.malformed += 1;
    this.#skipsLine = true;
    this.#rest = '';
  }

  /** The text has ended; its last line may lack a line end. */
  end(): void {
    if (!this.#skipsLine && this.#rest !== '') this.#line(this.#rest, 0, this.#rest.length);
    this.#rest = '';
  }

  #line(text: string, from: number, to: number): void {
    const end = text.charCodeAt(to - 1) === CARRIAGE_RETURN ? to - 1 : to;
    const start = skipBlanks(text, from, end);
    if (start >= end || text.charCodeAt(start) === HASH) return;
    const nameEnd = endOfName(text, start, end);
    const open = skipBlanks(text, nameEnd, end);
    const hasLabels = text.charCodeAt(open) === OPEN && open < end;
    if (nameEnd === start || (!hasLabels && open === nameEnd)) {
      this.malformed += 1;
      return;
    }
    const name = text.slice(start, nameEnd);
    this.series += 1;
    if (!this.#isWanted(name)) return;
    const close = hasLabels ? endOfLabels(text, open + 1, end) : open - 1;
    const value = close < 0 ? undefined : valueAt(text, close + 1, end);
    if (value === undefined) this.malformed += 1;
    else this.#onSeries(name, hasLabels ? text.slice(open + 1, close) : '', value);
  }
}

const CARRIAGE_RETURN = 13;
const TAB = 9;
const SPACE = 32;
const QUOTE = 34;
const HASH = 35;
const BACKSLASH = 92;
const OPEN = 123;
const CLOSE = 125;

const isBlank = (code: number): boolean => code === SPACE || code === TAB;

function skipBlanks(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && isBlank(text.charCodeAt(at))) at += 1;
  return at;
}

function endOfName(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && !isBlank(text.charCodeAt(at)) && text.charCodeAt(at) !== OPEN) at += 1;
  return at;
}

/** The closing brace: one within a quoted value is none. −1 when there is no end. */
function endOfLabels(text: string, from: number, end: number): number {
  let isQuoted = false;
  for (let at = from; at < end; at += 1) {
    const code = text.charCodeAt(at);
    if (isQuoted && code === BACKSLASH) at += 1;
    else if (code === QUOTE) isQuoted = !isQuoted;
    else if (code === CLOSE && !isQuoted) return at;
  }
  return -1;
}

/** The number before an optional timestamp; NaN is a value, a word is none. */
function valueAt(text: string, from: number, end: number): number | undefined {
  const start = skipBlanks(text, from, end);
  let stop = start;
  while (stop < end && !isBlank(text.charCodeAt(stop))) stop += 1;
  const word = text.slice(start, stop);
  if (word === 'NaN') return Number.NaN;
  if (word === '+Inf') return Infinity;
  if (word === '-Inf') return -Infinity;
  const value = word === '' ? Number.NaN : Number(word);
  return Number.isNaN(value) ? undefined : value;
}

const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*,?\s*/y;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n' };

/** Labels between the braces, a trailing comma allowed (Flink writes one); undefined for what is none. */
export function parseLabels(text: string): ReadonlyMap<string, string> | undefined {
  const labels = new Map<string, string>();
  let at = skipBlanks(text, 0, text.length);
  while (at < text.length) {
    LABEL.lastIndex = at;
    const [all, name = '', value = ''] = LABEL.exec(text) ?? [];
    if (all === undefined) return undefined;
    labels.set(
      name,
      value.replace(/\\(.)/g, (_, char: string) => ESCAPES[char] ?? char),
    );
    at += all.length;
  }
  return labels;
}
