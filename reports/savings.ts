import { hoursOf, priced, sumOfCosts, type Cost, type Prices, type Resources } from './cost.js';
import { costOfWeek } from './held.js';
import { lengthMs, within } from './coverage.js';
import type { Followed, JobMoment, JobWeek, Proposal, Span } from './facts.js';

/** Less than this is not called a saving: figures of resources wander so much by the hour of a redeployment. */
const MIN_SHARE = 0.02;

/**
 * What a proposal would free in a week. An estimate: it counts only when TaskManagers really go, which is why it stands apart
 * from what came true.
 */
export function estimatedSaving(
  { cost }: Pick<Proposal, 'cost'>,
  moment: JobMoment | undefined,
  cluster: string,
  prices: Prices | undefined,
): Cost | undefined {
  const freed = {
    slots: Math.max(0, -cost.slots),
    memoryBytes: Math.max(0, -cost.memoryBytes),
  };
  return costOfWeek(freed, { resources: moment?.resources, slots: moment?.slots }, cluster, prices);
}

/**
 * What came true in the week: advice that frees resources was followed (and not refuted), and the job holds less than before the
 * first of it. Each stretch until the next change counts what it held then, so that advice which overlaps is not counted twice.
 */
export function realisedSaving(
  now: JobWeek,
  range: Span,
  before: JobWeek | undefined,
  cluster: string,
  prices: Prices | undefined,
): Cost | undefined {
  const moments = [...(before?.moments ?? []), ...now.moments];
  const changesMs = followedIn(now)
    .filter(({ cost, state }) => (cost.slots < 0 || cost.memoryBytes < 0) && state !== 'refuted')
    .map(({ appliedMs }) => appliedMs)
    .sort((a, b) => a - b);
  const [firstMs] = changesMs;
  if (firstMs === undefined) return undefined;
  const held = moments.findLast(({ atMs }) => atMs < firstMs)?.resources;
  if (held === undefined) return undefined;
  const parts = changesMs.flatMap((fromMs, i): Cost[] => {
    const toMs = changesMs[i + 1] ?? range.toMs;
    const then = moments.findLast(({ atMs }) => atMs >= fromMs && atMs < toMs)?.resources;
    const ms = lengthMs(within(now.watched, { fromMs: Math.max(fromMs, range.fromMs), toMs }));
    if (then === undefined || ms === 0) return [];
    const freed: Resources = { ...lessOf('cores', held, then), ...lessOf('memoryBytes', held, then) };
    const isLess = (freed.cores ?? 0) > 0 || (freed.memoryBytes ?? 0) > 0;
    return isLess ? [priced(hoursOf(freed, ms), cluster, prices)] : [];
  });
  return parts.length === 0 ? undefined : withoutZeros(sumOfCosts(parts));
}

/** Each once, as it was known last, in the order in which they were made. */
export function followedIn({ moments }: JobWeek): readonly Followed[] {
  const latest = new Map(moments.flatMap(({ followed }) => followed.map((one) => [one.id, one] as const)));
  return [...latest.values()].sort((a, b) => a.appliedMs - b.appliedMs);
}

/** Less than nothing where the job holds more; what wandered only is nothing. */
function lessOf(key: keyof Resources, before: Resources, now: Resources): Resources {
  const was = before[key];
  const is = now[key];
  if (was === undefined || is === undefined) return {};
  return { [key]: Math.abs(was - is) < was * MIN_SHARE ? 0 : was - is };
}

const withoutZeros = (cost: Cost): Cost => Object.fromEntries(Object.entries(cost).filter(([, value]) => value !== 0));
