import { binaryRowHash } from './binary-row-hash.js';
import { wholeNumber, type KeyValue } from './key-values.js';

/**
 * `hashCode` of a key as Java counts it, by which Flink finds its key group. Types: those of Java that keys are made of,
 * `Tuple2<String,Long>`, `List<String>`, and `ROW<VARCHAR,INT>` for the binary rows of Table and SQL jobs. Undefined
 * where the type is not known or the value is none of its values. Checked against Flink's own classes
 * (`fixtures/key-group-keys.json`).
 */
export function keyHash(type: string, value: KeyValue): number | undefined {
  const { name, parts } = typeOf(type);
  if (parts.length === 0) return typeof value === 'object' ? undefined : SIMPLE[name]?.(value);
  if (typeof value !== 'object') return undefined;
  if (name === 'ROW') return binaryRowHash(parts, value);
  if (name === 'List' && parts.length === 1) return folded(1, repeated(parts[0] ?? '', value.length), value);
  return name === `Tuple${parts.length}` ? tupleHash(parts, value) : undefined;
}

type SimpleHash = (value: string | number | bigint | boolean) => number | undefined;

const whole =
  (bits: number, hash: (value: bigint) => number): SimpleHash =>
  (value) => {
    const number = wholeNumber(value, bits);
    return number === undefined ? undefined : hash(number);
  };

/** `Long.hashCode`: one half over the other. */
const ofLong = (bits: bigint): number => Number(BigInt.asIntN(32, bits ^ (BigInt.asUintN(64, bits) >> 32n)));

const SIMPLE: Readonly<Record<string, SimpleHash | undefined>> = {
  String: (value) => (typeof value === 'string' ? stringHash(value) : undefined),
  Character: (value) => (typeof value === 'string' && value.length === 1 ? value.charCodeAt(0) : undefined),
  Boolean: (value) => (typeof value === 'boolean' ? (value ? 1231 : 1237) : undefined),
  Byte: whole(8, Number),
  Short: whole(16, Number),
  Integer: whole(32, Number),
  Long: whole(64, ofLong),
  Float: (value) => (typeof value === 'number' ? bitsOf((view) => view.setFloat32(0, value)).getInt32(0) : undefined),
  Double: (value) =>
    typeof value === 'number' ? ofLong(bitsOf((view) => view.setFloat64(0, value)).getBigInt64(0)) : undefined,
};

/** `String.hashCode`, over units of UTF-16. */
function stringHash(text: string): number {
  let hash = 0;
  for (let index = 0; index < text.length; index += 1) hash = (Math.imul(31, hash) + text.charCodeAt(index)) | 0;
  return hash;
}

function bitsOf(write: (view: DataView) => void): DataView {
  const view = new DataView(new ArrayBuffer(8));
  write(view);
  return view;
}

/** Flink's `TupleN.hashCode` starts with the first field, where `List.hashCode` starts with 1. */
function tupleHash(types: readonly string[], values: readonly KeyValue[]): number | undefined {
  const [first, ...others] = values;
  const start = first === undefined ? undefined : keyHash(types[0] ?? '', first);
  return start === undefined ? undefined : folded(start, types.slice(1), others);
}

function folded(start: number, types: readonly string[], values: readonly KeyValue[]): number | undefined {
  if (types.length !== values.length) return undefined;
  let hash = start;
  for (const [index, value] of values.entries()) {
    const next = keyHash(types[index] ?? '', value);
    if (next === undefined) return undefined;
    hash = (Math.imul(31, hash) + next) | 0;
  }
  return hash;
}

const repeated = (type: string, count: number): readonly string[] => Array.from({ length: count }, () => type);

/** `Tuple2<String,List<Long>>` → `Tuple2` of `String` and `List<Long>`. */
function typeOf(type: string): { readonly name: string; readonly parts: readonly string[] } {
  const [, name = type, inner] = /^\s*(\w+)\s*<(.*)>\s*$/.exec(type) ?? [];
  if (inner === undefined) return { name: type.trim(), parts: [] };
  const parts = [''];
  let depth = 0;
  for (const character of inner) {
    if (character === '<') depth += 1;
    if (character === '>') depth -= 1;
    if (character === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return { name, parts };
}
