import { GB_BYTES, hoursOf, priced, type Cost, type Prices, type Resources } from './cost.js';
import { lengthMs, within } from './coverage.js';
import type { JobMoment, JobWeek, Proposal, Span } from './facts.js';
import { WEEK_MS } from './iso-week.js';

/** Less than this is not called a saving: figures of resources wander so much by the hour of a redeployment. */
const MIN_SHARE = 0.02;

/**
 * What a proposal would free in a week: slots as cores of the job's own TaskManagers, memory as it says itself. An estimate:
 * it counts only when TaskManagers really go, which is why it stands apart from what came true.
 */
export function estimatedSaving(
  { cost }: Pick<Proposal, 'cost'>,
  moment: JobMoment | undefined,
  cluster: string,
  prices: Prices | undefined,
): Cost | undefined {
  const coresPerSlot = perSlot(moment?.resources?.cores, moment?.slots);
  const bytesPerSlot = perSlot(moment?.resources?.memoryBytes, moment?.slots);
  const freed: Resources = {
    ...(cost.slots < 0 && coresPerSlot !== undefined ? { cores: -cost.slots * coresPerSlot } : {}),
    ...(cost.memoryBytes < 0
      ? { memoryBytes: -cost.memoryBytes }
      : cost.slots < 0 && bytesPerSlot !== undefined
        ? { memoryBytes: -cost.slots * bytesPerSlot }
        : {}),
  };
  if (freed.cores === undefined && freed.memoryBytes === undefined) return undefined;
  return priced(hoursOf(freed, WEEK_MS), cluster, prices);
}

const perSlot = (whole: number | undefined, slots: number | undefined): number | undefined =>
  whole === undefined || slots === undefined || slots <= 0 ? undefined : whole / slots;

export interface Before {
  readonly week: JobWeek;
  readonly range: Span;
}

/**
 * What came true: a proposal of the week before that frees resources is not proposed any more, and the job holds less than
 * it did. The difference counts for the watched time since the job holds less.
 */
export function realisedSaving(
  now: JobWeek,
  range: Span,
  before: Before | undefined,
  cluster: string,
  prices: Prices | undefined,
): Cost | undefined {
  const wasLast = before?.week.moments.at(-1);
  const isLast = now.moments.at(-1);
  if (before === undefined || wasLast === undefined || isLast === undefined) return undefined;
  const open = new Set(isLast.proposals.map(({ id }) => id));
  const done = before.week.moments
    .flatMap(({ proposals }) => proposals)
    .filter(({ id, cost }) => (cost.slots < 0 || cost.memoryBytes < 0) && !open.has(id));
  if (done.length === 0) return undefined;
  const held = wasLast.resources ?? {};
  const freed: Resources = {
    ...lessOf('cores', held, isLast.resources ?? {}),
    ...lessOf('memoryBytes', held, isLast.resources ?? {}),
  };
  if (freed.cores === undefined && freed.memoryBytes === undefined) return undefined;
  const since = now.moments.find(({ resources = {} }) => holdsNoMore(resources, isLast.resources ?? {}));
  const ms = lengthMs(within(now.watched, { fromMs: since?.atMs ?? isLast.atMs, toMs: range.toMs }));
  return ms === 0 ? undefined : priced(hoursOf(freed, ms), cluster, prices);
}

function lessOf(key: keyof Resources, before: Resources, now: Resources): Resources {
  const was = before[key];
  const is = now[key];
  return was === undefined || is === undefined || is > was * (1 - MIN_SHARE) ? {} : { [key]: was - is };
}

function holdsNoMore(held: Resources, now: Resources): boolean {
  return (
    (held.cores ?? 0) <= (now.cores ?? 0) * (1 + MIN_SHARE) &&
    (held.memoryBytes ?? 0) <= (now.memoryBytes ?? 0) * (1 + MIN_SHARE) + GB_BYTES / 1024
  );
}
