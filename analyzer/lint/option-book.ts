import type { FlinkVersion } from '../../collector/model/index.js';
import { removedOptions } from '../tuning/removed-options.js';
import { OPTION_TRUTH } from './option-truth.js';

export type OptionType =
  'Boolean' | 'Double' | 'Duration' | 'Enum' | 'Float' | 'Integer' | 'List' | 'Long' | 'Map' | 'MemorySize' | 'String';

/** One option as a version of Flink declares it. */
export interface FlinkOption {
  readonly key: string;
  readonly type: OptionType;
  /** Values of an enum. */
  readonly values: readonly string[];
  /** Names of old that are still read, with a warning in Flink's log. */
  readonly deprecatedNames: readonly string[];
  /** Other options that stand for it where it is not set. */
  readonly fallbackNames: readonly string[];
  readonly isDeprecated: boolean;
}

/** What a key means to one version of Flink. */
export type KeyStatus =
  | { readonly is: 'read'; readonly option: FlinkOption }
  | { readonly is: 'old-name'; readonly option: FlinkOption }
  /** `option.key` is a map, and this one of its entries. */
  | { readonly is: 'map-entry'; readonly option: FlinkOption }
  | { readonly is: 'removed'; readonly instead?: string }
  | { readonly is: 'later'; readonly since: string }
  /** Options that Flink's own classes do not declare: file systems, reporters, environments … */
  | { readonly is: 'family'; readonly prefix: string }
  /** Declared before this version and not after it, or the other way round: it is not known which side this one is on. */
  | { readonly is: 'unsure' }
  | { readonly is: 'unknown'; readonly near?: string };

export interface OptionBook {
  readonly statusOf: (key: string) => KeyStatus;
}

type Point = readonly [major: number, minor: number];
/** The versions whose classes were read, in the order of the table's marks. */
const READ_VERSIONS: readonly Point[] = [
  [1, 13],
  [1, 17],
  [1, 20],
  [2, 0],
  [2, 3],
];

interface Row {
  readonly option: FlinkOption;
  /** For each of {@link READ_VERSIONS}: is it declared so. */
  readonly in: readonly boolean[];
  readonly documentedFrom?: Point;
  readonly documentedTo?: Point;
}

/**
 * Families of options that are read by what is not in Flink's own jars. A key that is in no table and begins so is not
 * judged. `table.` has options of the SQL planner, whose nested jar was not read.
 */
const FAMILIES: readonly string[] = [
  's3.',
  's3a.',
  'presto.',
  'fs.',
  'gs.',
  'oss.',
  'kubernetes.operator.',
  'job.autoscaler.',
  'containerized.',
  'env.',
  'flink.hadoop.',
  'flink.yarn.',
  'table.',
  'sql-gateway.',
];
/** Of a reporter, trace or event reporter by its own name: what follows the name is the reporter's own. */
const REPORTER = /^(metrics\.reporter|traces\.reporter|events\.reporter|external-resource)\.[^.]+\./;

const compare = ([a, b]: Point, [c, d]: Point): number => a - c || b - d;

const books = new Map<string, OptionBook>();

/** The options of one version. A version newer than the newest that was read is taken for it. */
export function optionBook({ major, minor }: FlinkVersion): OptionBook {
  const id = `${major}.${minor}`;
  const known = books.get(id);
  if (known !== undefined) return known;
  const book = makeBook([major, minor]);
  books.set(id, book);
  return book;
}

let rows: readonly Row[] | undefined;

function allRows(): readonly Row[] {
  rows ??= OPTION_TRUTH.trim().split('\n').map(readRow);
  return rows;
}

const list = (column: string): readonly string[] => (column === '' ? [] : column.split(','));

function readRow(line: string): Row {
  const [
    key = '',
    marks = '',
    type = 'String',
    values = '',
    old = '',
    fallback = '',
    deprecated = '',
    documented = '',
  ] = line.split('|');
  const [from, to] = documented.split('..').map(pointOf);
  return {
    option: {
      key,
      // The table is ours: its types are these.
      type: type as OptionType,
      values: list(values),
      deprecatedNames: list(old),
      fallbackNames: list(fallback),
      isDeprecated: deprecated !== '',
    },
    in: [...marks].map((mark) => mark === 'x'),
    ...(from === undefined ? {} : { documentedFrom: from }),
    ...(to === undefined ? {} : { documentedTo: to }),
  };
}

function pointOf(text: string): Point | undefined {
  const [, major, minor] = /^(\d+)\.(\d+)$/.exec(text) ?? [];
  return major === undefined || minor === undefined ? undefined : [Number(major), Number(minor)];
}

/** Whether an option is declared so at a version; undefined: between two that were read, and not known. */
function isDeclared(row: Row, at: Point): boolean | undefined {
  const after = READ_VERSIONS.findIndex((point) => compare(point, at) >= 0);
  const upper = after < 0 ? READ_VERSIONS.length - 1 : after;
  const isExact = after < 0 || compare(READ_VERSIONS[upper] ?? at, at) === 0 || upper === 0;
  const inUpper = row.in[upper] ?? false;
  if (isExact) return inUpper;
  const inLower = row.in[upper - 1] ?? false;
  if (inLower === inUpper) return inUpper;
  if (inUpper) return row.documentedFrom === undefined ? undefined : compare(row.documentedFrom, at) <= 0;
  return row.documentedTo !== undefined && compare(row.documentedTo, at) >= 0 ? true : undefined;
}

function makeBook(at: Point): OptionBook {
  const read = new Map<string, FlinkOption>();
  const oldNames = new Map<string, FlinkOption>();
  const unsure = new Set<string>();
  for (const row of allRows()) {
    const declared = isDeclared(row, at);
    const { key, deprecatedNames, fallbackNames } = row.option;
    if (declared === undefined) for (const name of [key, ...deprecatedNames, ...fallbackNames]) unsure.add(name);
    if (declared !== true) continue;
    read.set(key, row.option);
    for (const name of deprecatedNames) oldNames.set(name, row.option);
  }
  const fallbacks = new Map(
    [...read.values()].flatMap((option) => option.fallbackNames.map((name) => [name, option] as const)),
  );
  const patterns = [...read.values()].filter(({ key }) => key.includes('<')).map(asPattern);

  const statusOf = (key: string): KeyStatus => {
    const own = read.get(key);
    const renamed = oldNames.get(key);
    if (own !== undefined && (renamed === undefined || !own.isDeprecated)) return { is: 'read', option: own };
    if (renamed !== undefined) return { is: 'old-name', option: renamed };
    const standsFor = fallbacks.get(key) ?? patterns.find(({ pattern }) => pattern.test(key))?.option;
    if (standsFor !== undefined) return { is: 'read', option: standsFor };
    const map = [...prefixesOf(key)].map((prefix) => read.get(prefix)).find((option) => option?.type === 'Map');
    if (map !== undefined) return { is: 'map-entry', option: map };
    if (unsure.has(key)) return { is: 'unsure' };
    return removedAt(key, at, read) ?? laterThan(key, at) ?? familyOf(key) ?? { is: 'unknown', ...nearest(key, read) };
  };
  return { statusOf };
}

function asPattern(option: FlinkOption): { readonly option: FlinkOption; readonly pattern: RegExp } {
  const parts = option.key.split(/<[^>]+>/).map((part) => part.replace(/[.$]/g, '\\$&'));
  return { option, pattern: new RegExp(`^${parts.join('[^.].*')}$`) };
}

function* prefixesOf(key: string): Generator<string> {
  for (let at = key.lastIndexOf('.'); at > 0; at = key.lastIndexOf('.', at - 1)) yield key.slice(0, at);
}

const namesOf = ({ option }: Row): readonly string[] => [
  option.key,
  ...option.deprecatedNames,
  ...option.fallbackNames,
];

function removedAt(key: string, at: Point, read: ReadonlyMap<string, FlinkOption>): KeyStatus | undefined {
  const [listed] = removedOptions({ [key]: '' }, { major: at[0], minor: at[1], text: '' });
  const before = allRows().filter(
    (row) =>
      namesOf(row).includes(key) && READ_VERSIONS.some((point, i) => row.in[i] === true && compare(point, at) < 0),
  );
  if (listed === undefined && before.length === 0) return undefined;
  const successor = before.map(({ option }) => option.key).find((name) => name !== key && read.has(name));
  const instead = listed?.instead ?? successor;
  return { is: 'removed', ...(instead === undefined ? {} : { instead }) };
}

function laterThan(key: string, at: Point): KeyStatus | undefined {
  const later = allRows().filter((row) => namesOf(row).includes(key));
  const first = later
    .map((row) => row.documentedFrom ?? READ_VERSIONS[row.in.indexOf(true)])
    .filter((point) => point !== undefined)
    .sort(compare)
    .find((point) => compare(point, at) > 0);
  return first === undefined ? undefined : { is: 'later', since: first.join('.') };
}

function familyOf(key: string): KeyStatus | undefined {
  const prefix = FAMILIES.find((start) => key.startsWith(start)) ?? REPORTER.exec(key)?.[0];
  return prefix === undefined ? undefined : { is: 'family', prefix };
}

/** A key that differs by a slip of the hand: at most one letter in six, three at most. */
function nearest(key: string, read: ReadonlyMap<string, FlinkOption>): { readonly near?: string } {
  const most = Math.min(3, Math.max(1, Math.floor(key.length / 6)));
  let near: string | undefined;
  let least = most + 1;
  for (const candidate of read.keys()) {
    if (Math.abs(candidate.length - key.length) >= least) continue;
    const distance = editDistance(candidate.toLowerCase(), key.toLowerCase(), least);
    if (distance < least) [near, least] = [candidate, distance];
  }
  return near === undefined ? {} : { near };
}

/** Letters to change, add or leave out (Levenshtein), given up from a limit on. */
function editDistance(a: string, b: string, limit: number): number {
  let above = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (above[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(change, (above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    if (Math.min(...row) >= limit) return limit;
    above = row;
  }
  return above[b.length] ?? limit;
}
