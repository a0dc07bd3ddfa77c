import { createHash } from 'node:crypto';

/** 32 hex digits as Flink's ids have them, the same for the same words in every run. */
export function idOf(...words: readonly string[]): string {
  return createHash('md5').update(words.join('\u0000')).digest('hex');
}
