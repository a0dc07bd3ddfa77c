/** A text for people in every language Weir speaks. Rules write both; publishing picks one. */
export interface Text {
  readonly en: string;
  readonly 'zh-CN': string;
}

export type Language = keyof Text;

/** Both languages of one text, English first. */
export function text(en: string, zhCn: string): Text {
  return { en, 'zh-CN': zhCn };
}

/** A ratio for people: `97 %`, `1.5 %`. */
export function percent(ratio: number): string {
  const value = ratio * 100;
  return `${Math.abs(value) < 9.95 && value !== 0 ? value.toFixed(1).replace(/\.0$/, '') : Math.round(value)} %`;
}

/** A count or rate for people: three digits that matter, `1.2k`, `3.4M`. */
export function compact(value: number): string {
  const size = Math.abs(value);
  if (size >= 999_500) return `${trim(value / 1e6)}M`;
  if (size >= 999.5) return `${trim(value / 1e3)}k`;
  return trim(value);
}

/** Milliseconds for people: `350 ms`, `14 s`, `6 min`, `3 h`, `10 d`. */
export function duration(ms: number): string {
  if (ms === 0) return '0 s';
  if (ms < 1000) return `${trim(ms)} ms`;
  if (ms < 120_000) return `${trim(ms / 1000)} s`;
  if (ms < 7_200_000) return `${Math.round(ms / 60_000)} min`;
  if (ms < 172_800_000) return `${trim(ms / 3_600_000)} h`;
  return `${trim(ms / 86_400_000)} d`;
}

/** `2026-11-20 14:05 UTC`: messages and reports are read in more than one time zone. */
export function minuteOf(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

const SCALES = [
  { fromMs: 172_800_000, unitMs: 86_400_000, unit: 'd' },
  { fromMs: 7_200_000, unitMs: 3_600_000, unit: 'h' },
  { fromMs: 120_000, unitMs: 60_000, unit: 'min' },
  { fromMs: 0, unitMs: 1000, unit: 's' },
];

/**
 * Two durations for people in one unit, the shorter rounded down and the longer up, so that nothing between them is lost:
 * `3 to 5 h`, `1.2 to 2.8 d`.
 */
export function durationRange(lowMs: number, highMs: number): Text {
  const { unitMs, unit } = SCALES.find(({ fromMs }) => highMs >= fromMs) ?? { unitMs: 1000, unit: 's' };
  const low = twoDigits(lowMs / unitMs, Math.floor);
  const high = twoDigits(highMs / unitMs, Math.ceil);
  return low === high
    ? text(`${high} ${unit}`, `${high} ${unit}`)
    : text(`${low} to ${high} ${unit}`, `${low} 至 ${high} ${unit}`);
}

/** Two digits that matter. A hair's breadth is no reason to round to the next: 3.0000001 is 3. */
function twoDigits(value: number, round: (value: number) => number): string {
  const scale = value < 10 ? 10 : value < 100 ? 1 : 0.1;
  const near = Math.round(value * scale);
  return trim((Math.abs(near - value * scale) < 1e-6 ? near : round(value * scale)) / scale);
}

/** Bytes for people, in binary units as Flink writes them: `512 MiB`. */
export function bytes(value: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let size = value;
  let unit = 0;
  while (Math.abs(size) >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${trim(size)} ${units[unit] ?? 'B'}`;
}

/** A count with its noun: `1 vertex`, `3 vertices`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** A list for people: `1, 2 and 5`; long lists are cut. */
export function listed(items: readonly (string | number)[], limit = 6): Text {
  const shown = items.slice(0, limit).map(String);
  const rest = items.length - shown.length;
  if (rest > 0) return text(`${shown.join(', ')} and ${rest} more`, `${shown.join('、')} 等 ${items.length} 个`);
  const last = shown.at(-1) ?? '';
  return text(shown.length > 1 ? `${shown.slice(0, -1).join(', ')} and ${last}` : last, shown.join('、'));
}

function trim(value: number): string {
  const size = Math.abs(value);
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : 2;
  return value
    .toFixed(digits)
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '');
}

/** The same value with each {@link Text} replaced by its words in one language. */
export type InLanguage<T> = T extends Text
  ? string
  : T extends readonly (infer U)[]
    ? InLanguage<U>[]
    : T extends object
      ? { -readonly [K in keyof T]: InLanguage<T[K]> }
      : T;

/** Picks one language throughout plain data. */
export function inLanguage<T>(value: T, language: Language): InLanguage<T> {
  return pick(value, language) as InLanguage<T>; // `pick` mirrors the mapped type above, which TypeScript cannot follow.
}

function pick(value: unknown, language: Language): unknown {
  if (Array.isArray(value)) return value.map((item) => pick(item, language));
  if (typeof value !== 'object' || value === null) return value;
  if ('en' in value && 'zh-CN' in value) return (value as Text)[language];
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, pick(item, language)]));
}
