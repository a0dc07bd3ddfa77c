import { multiplyExactly } from '../values/java-numbers.js';
import { Failure } from './failure.js';

/** Numbers as Java counts them, where JavaScript counts otherwise. */

const INT_MAX = 2_147_483_647;
/** `Long.MAX_VALUE` as a double. */
const LONG_MAX = 2 ** 63;

/** Java's cast of a double to an int: cut, NaN is 0, and beyond the range the nearest end of it. */
export function toInt(value: number): number {
  if (Number.isNaN(value)) return 0;
  return Math.min(INT_MAX, Math.max(-INT_MAX - 1, Math.trunc(value))) + 0;
}

/** Java's `/` of two ints. @throws Failure on a divisor of 0 */
export function divide(dividend: number, divisor: number): number {
  if (divisor === 0) throw new Failure('ArithmeticException', '/ by zero');
  return Math.trunc(dividend / divisor) + 0;
}

/** Java's `%` of two ints. @throws Failure on a divisor of 0 */
export function remainder(dividend: number, divisor: number): number {
  if (divisor === 0) throw new Failure('ArithmeticException', '/ by zero');
  return (dividend % divisor) + 0;
}

/** `Math.round(double)`: halves up, NaN is 0, and beyond 64 bits the nearest end of them. */
export function roundToLong(value: number): number {
  if (Number.isNaN(value)) return 0;
  return Math.min(LONG_MAX, Math.max(-LONG_MAX, Math.round(value))) + 0;
}

/** `ScalingMetrics.roundMetric`: three decimals, halves away from zero over the number's shortest text; never down to 0. */
export function roundMetric(value: number): number {
  if (!Number.isFinite(value) || Number.isInteger(value)) return value;
  const thousandths = (multiplyExactly(10_000n, Math.abs(value)) + 5n) / 10n;
  return thousandths === 0n ? value : Math.sign(value) * Number(`${thousandths}e-3`);
}

/** Two decimals, rounded up over the number's shortest text; not for negative numbers. */
export function ceilToHundredths(value: number): number {
  const hundredths = multiplyExactly(100n, value);
  const cut = Number(`${hundredths}e-2`);
  return cut === value ? cut : Number(`${hundredths + 1n}e-2`);
}
