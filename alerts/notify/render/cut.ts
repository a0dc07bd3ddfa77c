/** Texts made to fit. Lengths are in UTF-16 units where a vendor says characters, in UTF-8 bytes where it says bytes. */

const ELLIPSIS = '…';

/** At most so many characters, never half of one. */
export function clip(value: string, max: number): string {
  if (value.length <= max) return value;
  const end = max - ELLIPSIS.length;
  const splitsPair = /[\ud800-\udbff]/.test(value.charAt(end - 1));
  return value.slice(0, splitsPair ? end - 1 : end) + ELLIPSIS;
}

export const byteLength = (value: string): number => Buffer.byteLength(value, 'utf8');

/** At most so many bytes of UTF-8, never half a character. */
export function clipBytes(value: string, max: number): string {
  const bytes = Buffer.from(value, 'utf8');
  if (bytes.length <= max) return value;
  const kept = bytes.subarray(0, max - byteLength(ELLIPSIS));
  // As a stream the decoder holds an unfinished character back.
  return new TextDecoder().decode(kept, { stream: true }) + ELLIPSIS;
}
