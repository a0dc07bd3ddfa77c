import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { once } from 'node:events';

/** Longest line that is read: a configuration has a few kilobytes. */
const LINE_CHARACTERS_MAX = 1_000_000;

/** One JSON object. */
export type BatchInput = Readonly<Record<string, unknown>>;

/**
 * Reads one JSON object per line and writes one line of JSON for each, in order. A line that is none is answered with
 * `{"id":null,"ok":false,"error"}`; empty lines are passed over.
 *
 * @param answer makes the answer's JSON text of one object
 */
export async function runBatch(
  input: Readable,
  output: Writable,
  answer: (input: BatchInput) => string,
): Promise<void> {
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    if (line.trim() === '') continue;
    if (!output.write(`${answerLine(line, answer)}\n`)) await once(output, 'drain');
  }
}

function answerLine(line: string, answer: (input: BatchInput) => string): string {
  const refuse = (error: string): string => JSON.stringify({ id: null, ok: false, error });
  if (line.length > LINE_CHARACTERS_MAX) return refuse(`longer than ${LINE_CHARACTERS_MAX} characters`);
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    return refuse(`not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse('not a JSON object');
  return answer(value as BatchInput);
}

/** What the answer repeats so that it can be told apart; `null` where the line has none. */
export function batchId({ id }: BatchInput): string | number | null {
  return typeof id === 'string' || typeof id === 'number' ? id : null;
}
