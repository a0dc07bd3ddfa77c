import { SETTLE_MS, type JobHistory } from '../../collector/model/index.js';
import type { Topology } from '../graph/topology.js';
import { present, sum, variation } from '../numbers.js';
import { keyGroupsOf, structuralImbalance } from '../tuning/key-groups.js';
import { oncePerReading } from './per-reading.js';
import { known, VertexWindow } from './vertex-window.js';

/** Skew is judged over as much of the current attempt as the window holds, up to ten minutes. */
export const SKEW_WINDOW_MS = 600_000;
/** Gate G3: below this many records a ratio is chance. */
export const MIN_RECORDS = 1000;
export const MIN_RECORDS_PER_SUBTASK = 100;

export type SkewKind = 'even' | 'keygroup' | 'hot-key' | 'data-hash' | 'few-keys';

/** How evenly a hash-partitioned vertex gets its records. Mathematics of diagnosis §4. */
export interface VertexSkew {
  readonly vertexId: string;
  readonly kind: SkewKind;
  /** Records in the window by subtask index. */
  readonly records: readonly number[];
  /** Records of the subtask with most, over the mean. */
  readonly maxOverMean: number;
  /** The part of it that key groups alone explain. */
  readonly structural: number;
  /** Share of all records that the heaviest subtask got, and one key's estimated share of it (F10). */
  readonly topShare: number;
  readonly hotKeyShare: number;
  /** Coefficient of variation beyond what key groups explain. */
  readonly excessVariation: number;
  /** The subtasks that carry more than they should, heaviest first. */
  readonly subtasks: readonly number[];
  readonly maxParallelism: number;
  readonly windowMs: number;
}

export function skewOf(history: JobHistory, topology: Topology): readonly VertexSkew[] {
  const keyed = history.vertices.filter((vertex) =>
    topology.inputsOf(vertex.vertexId).some((edge) => edge.shipStrategy === 'HASH'),
  );
  return present(keyed.map((vertex) => vertexSkew(vertex)));
}

const vertexSkew = oncePerReading((vertex): VertexSkew | undefined => {
  const parallelism = vertex.parallelism ?? 0;
  const { maxParallelism } = vertex;
  if (parallelism < 2 || maxParallelism === undefined || vertex.subtasks.length < parallelism) return undefined;
  const window = new VertexWindow(vertex, SKEW_WINDOW_MS, SETTLE_MS);
  const records = known(window.growth('recordsIn'));
  const total = sum(records);
  if (records.length < parallelism || total < Math.max(MIN_RECORDS, MIN_RECORDS_PER_SUBTASK * parallelism))
    return undefined;
  return { vertexId: vertex.vertexId, windowMs: window.coveredMs(0), ...classify(records, maxParallelism) };
});

/** A subtask with this share of what the heaviest has is named beside it. */
export const HEAVY_SHARE = 0.75;

/** Shares at which diagnosis §4's classifier turns; their error rates were simulated there with Flink's own hash. */
const STRUCTURAL_SLACK = 1.1;
const STRUCTURAL_NOTABLE = 1.3;
const EXCESS_VARIATION_MIN = 0.3;
const HOT_KEY_SHARE_MIN = 0.01;
const SECOND_KEY_SHARE_MAX = 0.5;
/**
 * Records that a subtask with none would have had by now, by the mean of all but the heaviest: were there many keys, even
 * keys that come ten records at a time, e⁻¹⁰ of such subtasks had none. Diagnosis §4 waits for a thousand each, which took
 * four minutes on a slow job, and one key was blamed meanwhile (seeds of few-keys).
 */
const ZERO_RECORDS_EXPECTED_MIN = 100;
/** Beside one heavy key the others may be rare: then so many a subtask, its own among them. */
const ZERO_RECORDS_PER_SUBTASK = 1000;

/** Whether a subtask without records has no keys; where one has all of them, there are none beside its own. */
function isNoChance(total: number, most: number, parallelism: number): boolean {
  const others = total - most;
  return (
    others === 0 ||
    others >= ZERO_RECORDS_EXPECTED_MIN * (parallelism - 1) ||
    total >= ZERO_RECORDS_PER_SUBTASK * parallelism
  );
}

/** The classifier of diagnosis §4, in its order: key groups, few keys, one hot key, uneven data. */
export function classify(
  records: readonly number[],
  maxParallelism: number,
): Omit<VertexSkew, 'vertexId' | 'windowMs'> {
  const parallelism = records.length;
  const total = sum(records);
  const average = parallelism === 0 ? 0 : total / parallelism;
  const [first, second] = heaviestTwo(records);
  const top = { subtask: first ?? 0, count: records[first ?? 0] ?? 0 };
  const maxOverMean = average === 0 ? 1 : top.count / average;
  const structural = structuralImbalance(parallelism, maxParallelism);
  const { groups, variationOfGroups } = keyGroupsBySubtask(parallelism, maxParallelism);
  const keyShare = (subtask: number): number => {
    const groupShare = (groups[subtask] ?? 0) / maxParallelism;
    return groupShare >= 1 ? 0 : ((records[subtask] ?? 0) / total - groupShare) / (1 - groupShare);
  };
  const hotKeyShare = keyShare(top.subtask);
  const secondKeyShare = second === undefined ? 0 : keyShare(second);
  const excessVariation = Math.sqrt(Math.max(0, (variation(records) ?? 0) ** 2 - variationOfGroups ** 2));
  const figures = {
    records,
    maxOverMean,
    structural,
    topShare: total === 0 ? 0 : top.count / total,
    hotKeyShare,
    excessVariation,
    maxParallelism,
  };
  const heaviest = (share: number): number[] =>
    [...records.keys()]
      .filter((subtask) => (records[subtask] ?? 0) >= share * top.count)
      .sort((a, b) => (records[b] ?? 0) - (records[a] ?? 0));
  if (maxOverMean <= STRUCTURAL_SLACK * structural) {
    const largest = Math.max(...groups);
    const owners = groups.flatMap((count, subtask) => (count === largest ? [subtask] : []));
    return structural >= STRUCTURAL_NOTABLE && followsKeyGroups(records, groups)
      ? { ...figures, kind: 'keygroup', subtasks: owners }
      : { ...figures, kind: 'even', subtasks: [] };
  }
  if (records.includes(0) && isNoChance(total, top.count, parallelism)) {
    return { ...figures, kind: 'few-keys', subtasks: heaviest(HEAVY_SHARE) };
  }
  const hotKeyMin = Math.max(HOT_KEY_SHARE_MIN, SECOND_KEY_SHARE_MAX / (parallelism - 1));
  if (hotKeyShare >= hotKeyMin && secondKeyShare <= SECOND_KEY_SHARE_MAX * hotKeyShare) {
    return { ...figures, kind: 'hot-key', subtasks: [top.subtask] };
  }
  if (excessVariation >= EXCESS_VARIATION_MIN)
    return { ...figures, kind: 'data-hash', subtasks: heaviest(HEAVY_SHARE) };
  return { ...figures, kind: 'even', subtasks: [] };
}

/** The subtask with most records, and the next; the first of equal ones. Undefined where there are not so many. */
function heaviestTwo(records: readonly number[]): readonly [number | undefined, number | undefined] {
  let first: number | undefined;
  let second: number | undefined;
  for (let subtask = 0; subtask < records.length; subtask += 1) {
    const count = records[subtask] ?? 0;
    if (first === undefined || count > (records[first] ?? 0)) [first, second] = [subtask, first];
    else if (second === undefined || count > (records[second] ?? 0)) second = subtask;
  }
  return [first, second];
}

interface KeyGroups {
  readonly groups: readonly number[];
  readonly variationOfGroups: number;
}

/** Most keyed vertices of a job, and of a fleet, have one of a few widths. */
const knownGroups = new Map<string, KeyGroups>();
const KNOWN_GROUPS_MAX = 64;

function keyGroupsBySubtask(parallelism: number, maxParallelism: number): KeyGroups {
  const key = `${parallelism} ${maxParallelism}`;
  const known = knownGroups.get(key);
  if (known !== undefined) return known;
  const groups = Array.from({ length: parallelism }, (_, subtask) => keyGroupsOf(subtask, parallelism, maxParallelism));
  const made: KeyGroups = { groups, variationOfGroups: variation(groups) ?? 0 };
  if (knownGroups.size >= KNOWN_GROUPS_MAX) knownGroups.clear();
  knownGroups.set(key, made);
  return made;
}

/** Records per key group are about even: the imbalance is the assignment's, not the data's. */
function followsKeyGroups(records: readonly number[], groups: readonly number[]): boolean {
  const perGroup = records.map((count, subtask) => count / (groups[subtask] ?? 1));
  return (variation(perGroup) ?? 1) < EXCESS_VARIATION_MIN / 2;
}
