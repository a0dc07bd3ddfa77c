import { Refusal } from './refusal.js';

/** `Long.MAX_VALUE`. */
export const LONG_MAX = 2n ** 63n - 1n;
const INTEGER_MAX = 2_147_483_647;

const notANumber = (text: string): Refusal => new Refusal('NumberFormatException', `For input string: "${text}"`);

/** Java's `String.trim`: takes off every character up to the space, and no other white space. */
export function javaTrim(text: string): string {
  // eslint-disable-next-line no-control-regex -- exactly what Java takes off
  return text.replace(/^[\u0000-\u0020]+|[\u0000-\u0020]+$/g, '');
}

/** `Integer.parseInt`. @throws Refusal */
export function readInteger(text: string): number {
  if (!/^[+-]?\d+$/.test(text)) throw notANumber(text);
  const value = Number(text);
  if (value > INTEGER_MAX || value < -INTEGER_MAX - 1) throw notANumber(text);
  return value;
}

/** `Long.parseLong`. @throws Refusal */
export function readLong(text: string): bigint {
  if (!/^[+-]?\d+$/.test(text)) throw notANumber(text);
  const value = BigInt(text.replace(/^\+/, ''));
  if (value > LONG_MAX || value < -LONG_MAX - 1n) throw notANumber(text);
  return value;
}

/** `Double.parseDouble`. @throws Refusal */
export function readDouble(text: string): number {
  const trimmed = javaTrim(text);
  if (trimmed === '') throw new Refusal('NumberFormatException', 'empty String');
  const [, sign = '', word] = /^([+-]?)(NaN|Infinity)$/.exec(trimmed) ?? [];
  if (word !== undefined) return word === 'NaN' ? NaN : sign === '-' ? -Infinity : Infinity;
  const [, decimal] = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)[fFdD]?$/.exec(trimmed) ?? [];
  if (decimal !== undefined) return Number(decimal);
  const [, minus = '', whole = '', places = '', exponent] =
    /^([+-]?)0[xX]([\da-fA-F]*)\.?([\da-fA-F]*)[pP]([+-]?\d+)[fFdD]?$/.exec(trimmed) ?? [];
  if (exponent === undefined || whole + places === '') throw notANumber(trimmed);
  const value = Number(`0x${whole + places}`) * 2 ** (Number(exponent) - 4 * places.length);
  return minus === '-' ? -value : value;
}

/** `Float.parseFloat`, widened: 0.1 is 0.10000000149011612. @throws Refusal */
export const readFloat = (text: string): number => Math.fround(readDouble(text));

/** Flink's reading of a boolean: `true` or `false` in any case. @throws Refusal */
export function readBoolean(text: string): boolean {
  const upper = text.toUpperCase();
  if (upper === 'TRUE' || upper === 'FALSE') return upper === 'TRUE';
  throw new Refusal(
    'IllegalArgumentException',
    `Unrecognized option for boolean: ${text}. Expected either true or false(case insensitive)`,
  );
}

/** `Double.toString`: `0.1`, `1.0`, `1.0E-4`, `NaN`. */
export function showDouble(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e7)) {
    const [mantissa = '', exponent = ''] = value.toExponential().split('e');
    return `${mantissa.includes('.') ? mantissa : `${mantissa}.0`}E${Number(exponent)}`;
  }
  const text = String(value);
  return text.includes('.') ? text : `${text}.0`;
}

/** `BigDecimal.valueOf(double)` times a whole number, cut to a whole number: exact over the double's shortest text. */
export function multiplyExactly(whole: bigint, ratio: number): bigint {
  const [, integral = '0', decimals = '', exponent = '0'] =
    /^(\d+)(?:\.(\d+))?(?:e([-+]?\d+))?$/.exec(String(ratio)) ?? [];
  const places = decimals.length - Number(exponent);
  const digits = BigInt(integral + decimals) * whole;
  return places >= 0 ? digits / 10n ** BigInt(places) : digits * 10n ** BigInt(-places);
}
