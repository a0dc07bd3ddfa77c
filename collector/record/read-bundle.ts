import type { Reading } from '../model/index.js';
import { bundleLine, headerLine, type BundleHeader, type BundleLine, type Ending } from './format.js';
import { BUNDLE_FORMAT } from './limits.js';
import { AGAIN, GIVE_ANOTHER, unpackedLines } from './lines.js';

/** One answer as the client got it, with its secrets masked. */
export interface BundleAnswer {
  readonly path: string;
  readonly reading: Reading<string>;
}

export interface BundleRound {
  readonly round: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly ok: boolean;
  /** In the order in which they came. */
  readonly answers: readonly BundleAnswer[];
}

/** What a bundle brings: its header, its rounds, and one end. `cut-off` has no closing line: all whole rounds came before. */
export type BundlePart =
  | { readonly kind: 'header'; readonly header: BundleHeader }
  | { readonly kind: 'round'; readonly round: BundleRound }
  | { readonly kind: 'end'; readonly ending: Ending | 'cut-off' }
  | { readonly kind: 'problem'; readonly problem: string };

/** Reads a bundle round by round, so that no more than one round and the last answers are in memory. */
export async function* readBundle(path: string): AsyncGenerator<BundlePart> {
  const lastText = new Map<string, string>();
  let answers: BundleAnswer[] = [];
  let nth = 0;
  for await (const item of unpackedLines(path)) {
    nth += 1;
    if ('problem' in item) {
      yield { kind: 'problem', problem: item.problem };
      return;
    }
    if (nth === 1) {
      const header = toHeader(item.line);
      yield header;
      if (header.kind === 'problem') return;
      continue;
    }
    const line = toLine(item.line);
    if (line === undefined) {
      yield { kind: 'problem', problem: `its line ${nth} is damaged: ${AGAIN}` };
      return;
    }
    if ('end' in line) {
      yield { kind: 'end', ending: line.end };
      return;
    }
    if ('round' in line) {
      yield { kind: 'round', round: { ...line, answers } };
      answers = [];
      continue;
    }
    const reading = toReading(line, lastText);
    if (reading === undefined) {
      yield {
        kind: 'problem',
        problem: `its line ${nth} points at an answer of ${line.path} that is not in the file: ${AGAIN}`,
      };
      return;
    }
    answers.push({ path: line.path, reading });
  }
  if (nth === 0) yield { kind: 'problem', problem: `it is empty: ${GIVE_ANOTHER}` };
  else yield { kind: 'end', ending: 'cut-off' };
}

/**
 * Several bundles of one cluster as one, in the order given: the rounds of all under the first one's header. One without a header
 * (its writer was killed in its first round) has nothing in it and is passed over.
 */
export async function* readBundles(paths: readonly string[]): AsyncGenerator<BundlePart> {
  let last: BundlePart = { kind: 'problem', problem: `there is no bundle: ${GIVE_ANOTHER}` };
  let hasHeader = false;
  for (const path of paths) {
    let isBegun = false;
    for await (const part of readBundle(path)) {
      if (part.kind === 'header') {
        if (!hasHeader) yield part;
        hasHeader = isBegun = true;
      } else if (part.kind === 'round') {
        yield part;
      } else if (part.kind === 'end' || !isBegun) {
        if (part.kind === 'end' || !hasHeader) last = part;
      } else {
        yield part;
        return;
      }
    }
  }
  yield last;
}

function toHeader(line: string): BundlePart {
  const raw = parse(line);
  const format = typeof raw === 'object' && raw !== null && 'weirBundle' in raw ? raw.weirBundle : undefined;
  if (typeof format !== 'number') return { kind: 'problem', problem: `it is no bundle of Weir: ${GIVE_ANOTHER}` };
  if (format > BUNDLE_FORMAT) {
    const writer = 'weir' in (raw as object) ? ` by Weir ${String((raw as { weir: unknown }).weir)}` : '';
    const problem = `it was written${writer} in format ${format}, and this Weir reads up to ${BUNDLE_FORMAT}: use a newer Weir`;
    return { kind: 'problem', problem };
  }
  const header = headerLine.safeParse(raw);
  return header.success
    ? { kind: 'header', header: header.data }
    : { kind: 'problem', problem: `its line 1, the header, is damaged: ${AGAIN}` };
}

function toLine(text: string): BundleLine | undefined {
  const line = bundleLine.safeParse(parse(text));
  return line.success ? line.data : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

type AnswerOfFile = Exclude<BundleLine, { end: Ending } | { round: number }>;

/** Undefined: it repeats an answer that never came. */
function toReading(line: AnswerOfFile, lastText: Map<string, string>): Reading<string> | undefined {
  const { path, atMs } = line;
  if ('failure' in line) return { ok: false, failure: line.failure, atMs };
  if ('body' in line) lastText.set(path, JSON.stringify(line.body));
  const value = lastText.get(path);
  return value === undefined ? undefined : { ok: true, value, atMs };
}
