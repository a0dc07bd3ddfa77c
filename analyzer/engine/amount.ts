import { bytes, compact, duration, percent } from '../text.js';

/** From here on a ratio is a multiple: `2.4×`, not `240 %`. */
const MULTIPLE_FROM = 1.5;

/** A figure of evidence or of an effect with its unit (`Unit`), as people read it: `97 %`, `2.40×`, `14 s`, `1.2 GiB`, `1.2k records/s`. */
export function amountOf(value: number, unit: string): string {
  switch (unit) {
    case 'ratio':
      return value > MULTIPLE_FROM ? `${value.toFixed(2)}×` : percent(value);
    case 'ms':
      return duration(value);
    case 's':
      return duration(value * 1000);
    case 'bytes':
      return bytes(value);
    case 'bytes/s':
      return `${bytes(value)}/s`;
    case 'count':
      return compact(value);
    default:
      return `${compact(value)} ${unit}`;
  }
}
