/** A whole number from 0 by which what has an id is spread over the rounds. Every digit counts, as not all ids are random. */
export function offsetOf(id: string): number {
  let hash = 0;
  for (let index = 0; index < id.length; index += 1) hash = (hash * 31 + id.charCodeAt(index)) >>> 0;
  return hash;
}

/** 2^32 over the golden ratio: ids that follow one another come far apart (Knuth, TAOCP 3, §6.4). */
const GOLDEN = 0x9e3779b1;

/** A share from 0 to below 1, by which what has an id is spread over a time. */
export const shareOf = (id: string): number => (Math.imul(offsetOf(id), GOLDEN) >>> 0) / 2 ** 32;
