import type { Language } from '../../contract.ts';

/** No-break space: a number and its unit stay on one line. */
const NB = '\u00a0';
const DASH = '–';
const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const UNIT_WORDS = {
  en: {
    ms: 'ms',
    s: 's',
    min: 'min',
    h: 'h',
    d: 'd',
    perS: '/s',
    perMin: '/min',
    cores: 'cores',
    slots: 'slots',
    subtasks: 'subtasks',
  },
  'zh-CN': {
    ms: '毫秒',
    s: '秒',
    min: '分钟',
    h: '小时',
    d: '天',
    perS: '/秒',
    perMin: '/分钟',
    cores: '核',
    slots: '个槽位',
    subtasks: '个子任务',
  },
} as const;

const BYTE_STEPS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

export interface Formats {
  count(n: number): string;
  /** About three digits: 0.42, 41.5, 1.2k. */
  short(n: number): string;
  percent(ratio: number): string;
  /** A share as a percentage; a multiple (over 1.5) as `5.1×`. */
  ratio(value: number): string;
  duration(ms: number): string;
  bytes(n: number): string;
  /** `currency`: ISO 4217. */
  money(n: number, currency: string): string;
  /** A value with a unit of the contract. */
  unit(value: number, unit: string): string;
  /** Both with one unit: `1.9–2.6×`. */
  interval(low: number, high: number, unit: string): string;
  perSecond(n: number): string;
  perMinute(n: number): string;
  clock(ms: number): string;
  /** The clock of a day that is not today carries its date. */
  moment(ms: number, nowMs: number): string;
  list(words: readonly string[]): string;
  plural(n: number): 'one' | 'other';
  readonly dash: string;
}

export function formatsFor(language: Language, timeZone?: string): Formats {
  const words = UNIT_WORDS[language];
  const zone = timeZone === undefined ? {} : { timeZone };
  const whole = lazy(() => new Intl.NumberFormat(language, { maximumFractionDigits: 0 }));
  const tenths = lazy(() => new Intl.NumberFormat(language, { maximumFractionDigits: 1 }));
  const small = lazy(() => new Intl.NumberFormat(language, { maximumSignificantDigits: 3 }));
  const compact = lazy(() => new Intl.NumberFormat(language, { notation: 'compact', maximumSignificantDigits: 3 }));
  const percents = lazy(() => new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 }));
  const finePercents = lazy(() => new Intl.NumberFormat(language, { style: 'percent', maximumSignificantDigits: 2 }));
  const clocks = lazy(
    () => new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', ...zone }),
  );
  const days = lazy(() => new Intl.DateTimeFormat(language, { month: 'short', day: 'numeric', ...zone }));
  const dayKeys = lazy(
    () => new Intl.DateTimeFormat('en-CA', { year: 'numeric', month: '2-digit', day: '2-digit', ...zone }),
  );
  const lists = lazy(() => new Intl.ListFormat(language, { type: 'conjunction' }));
  const plurals = lazy(() => new Intl.PluralRules(language));

  // English texts of the analyzer write kilo as SI does; Intl writes a capital.
  const short = (n: number) => (Math.abs(n) < 1000 ? small().format(n) : compact().format(n).replace('K', 'k'));
  const percent = (ratio: number) =>
    ratio !== 0 && Math.abs(ratio) < 0.01 ? finePercents().format(ratio) : percents().format(ratio);
  const ratio = (value: number) => (Math.abs(value) > 1.5 ? `${small().format(value)}×` : percent(value));

  function duration(ms: number): string {
    if (ms < 0) return `−${duration(-ms)}`;
    if (ms === 0) return `0${NB}${words.s}`;
    if (ms < SECOND_MS) return `${whole().format(ms)}${NB}${words.ms}`;
    if (ms < 10 * SECOND_MS) return `${tenths().format(ms / SECOND_MS)}${NB}${words.s}`;
    if (ms < MINUTE_MS - 500) return `${whole().format(ms / SECOND_MS)}${NB}${words.s}`;
    if (ms < HOUR_MS) return two(ms, MINUTE_MS, words.min, SECOND_MS, words.s, 10);
    if (ms < DAY_MS) return two(ms, HOUR_MS, words.h, MINUTE_MS, words.min, 24);
    return two(ms, DAY_MS, words.d, HOUR_MS, words.h, 7);
  }

  /** The small part is left out when it is nothing, or when the big one says enough. */
  function two(ms: number, bigMs: number, big: string, littleMs: number, little: string, enough: number): string {
    const rounded = Math.round(ms / littleMs) * littleMs;
    const head = Math.floor(rounded / bigMs);
    const rest = Math.round((rounded - head * bigMs) / littleMs);
    if (head >= enough || rest === 0) return `${whole().format(Math.round(rounded / bigMs))}${NB}${big}`;
    return `${whole().format(head)}${NB}${big} ${whole().format(rest)}${NB}${little}`;
  }

  function bytes(n: number): string {
    let value = n;
    let step = 0;
    while (Math.abs(value) >= 1024 && step < BYTE_STEPS.length - 1) {
      value /= 1024;
      step += 1;
    }
    return `${small().format(value)}${NB}${BYTE_STEPS[step] ?? 'B'}`;
  }

  function money(n: number, currency: string): string {
    const digits = Math.abs(n) < 100 ? 2 : 0;
    return new Intl.NumberFormat(language, { style: 'currency', currency, maximumFractionDigits: digits }).format(n);
  }

  function unit(value: number, name: string): string {
    switch (name) {
      case 'ratio':
        return ratio(value);
      case 'times':
        return `${small().format(value)}×`;
      case 's':
        return duration(value * SECOND_MS);
      case 'ms':
        return duration(value);
      case 'bytes':
        return bytes(value);
      case 'bytes/s':
        return `${bytes(value)}${words.perS}`;
      case 'records/s':
        return `${short(value)}${words.perS}`;
      case 'cores':
        return `${small().format(value)}${NB}${words.cores}`;
      case 'slots':
        return `${small().format(value)}${NB}${words.slots}`;
      case 'subtasks':
        return `${short(value)}${NB}${words.subtasks}`;
      case 'per minute':
        return `${short(value)}${words.perMin}`;
      case 'records':
      case 'count':
      case '':
        return short(value);
      default:
        return `${short(value)}${NB}${name}`;
    }
  }

  const isSameDay = (a: number, b: number) => dayKeys().format(a) === dayKeys().format(b);
  return {
    count: (n) => whole().format(n),
    short,
    percent,
    ratio,
    duration,
    bytes,
    money,
    unit,
    interval: (low, high, name) => `${unit(low, name)} – ${unit(high, name)}`,
    perSecond: (n) => `${short(n)}${words.perS}`,
    perMinute: (n) => `${short(n)}${words.perMin}`,
    clock: (ms) => clocks().format(ms),
    moment: (ms, nowMs) => (isSameDay(ms, nowMs) ? clocks().format(ms) : `${days().format(ms)} ${clocks().format(ms)}`),
    list: (items) => lists().format(items),
    plural: (n) => (plurals().select(n) === 'one' ? 'one' : 'other'),
    dash: DASH,
  };
}

/** Intl's objects are slow to make and most pages need few of them. */
function lazy<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
