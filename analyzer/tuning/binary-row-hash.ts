import { wholeNumber, type KeyValue } from './key-values.js';

/**
 * `BinaryRowData.hashCode` of a key of a Table or SQL job: murmur over the row's bytes. A row has a header with a byte for
 * the kind and a bit for each field that is null, eight bytes for each field, and behind them what does not fit there.
 * Undefined where a type is not known or a value is none of its values.
 */
export function binaryRowHash(types: readonly string[], values: readonly KeyValue[]): number | undefined {
  if (types.length !== values.length) return undefined;
  const headerBytes = Math.ceil((8 + types.length) / 64) * WORD_BYTES;
  let behind = new Uint8Array(0);
  const fixed = new DataView(new ArrayBuffer(headerBytes + types.length * WORD_BYTES));
  for (const [index, value] of values.entries()) {
    const at = headerBytes + index * WORD_BYTES;
    const type = types[index]?.trim();
    const bits = type === 'INT' ? 32 : type === 'BIGINT' ? 64 : 0;
    const integer = wholeNumber(value, bits);
    if (integer !== undefined && bits === 32) fixed.setInt32(at, Number(integer), true);
    else if (integer !== undefined && bits === 64) fixed.setBigInt64(at, integer, true);
    else if ((type === 'VARCHAR' || type === 'STRING') && typeof value === 'string') {
      const bytes = new TextEncoder().encode(value);
      if (bytes.length <= INLINE_BYTES_MAX) writeInline(fixed, at, bytes);
      else {
        const offset = fixed.byteLength + behind.length;
        fixed.setBigInt64(at, (BigInt(offset) << 32n) | BigInt(bytes.length), true);
        behind = joined(behind, padded(bytes));
      }
    } else return undefined;
  }
  return hashByWords(joined(new Uint8Array(fixed.buffer), behind));
}

const WORD_BYTES = 8;
/** `BinarySection.MAX_FIX_PART_DATA_SIZE`: a text as short as this is in its field itself, its length in the last byte. */
const INLINE_BYTES_MAX = 7;
const INLINE = 0x80;

function writeInline(fixed: DataView, at: number, bytes: Uint8Array): void {
  for (const [index, byte] of bytes.entries()) fixed.setUint8(at + index, byte);
  fixed.setUint8(at + WORD_BYTES - 1, INLINE | bytes.length);
}

function padded(bytes: Uint8Array): Uint8Array {
  const whole = new Uint8Array(Math.ceil(bytes.length / WORD_BYTES) * WORD_BYTES);
  whole.set(bytes);
  return whole;
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}

/** `MurmurHashUtils.hashBytesByWords` of Flink's table runtime: 32-bit murmur3 with the seed 42. */
function hashByWords(bytes: Uint8Array<ArrayBuffer>): number {
  const view = new DataView(bytes.buffer);
  let hash = 42;
  for (let at = 0; at < bytes.length; at += 4) {
    const word = rotateLeft(Math.imul(view.getInt32(at, true), 0xcc9e2d51), 15);
    hash = rotateLeft(hash ^ Math.imul(word, 0x1b873593), 13);
    hash = (Math.imul(hash, 5) + 0xe6546b64) | 0;
  }
  hash ^= bytes.length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

function rotateLeft(value: number, distance: number): number {
  return (value << distance) | (value >>> (32 - distance));
}
