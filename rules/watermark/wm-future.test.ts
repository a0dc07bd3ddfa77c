import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, vary, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import { START_MS, type JobSpec } from '../../analyzer/testing/job-builder.js';
import { only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { wmFuture } from './wm-future.js';

const NO_EVENT_TIME = 'skipped: the job has no event time: no task tells a watermark';
/** Event time as a function of the clock, both in ms since 1970, in all vertices. */
const at = (of: (clockMs: number) => number): JobSpec => {
  const watermark = (seconds: number): number => of(START_MS + seconds * 1000) - START_MS;
  return vary(job.EVENT_TIME, { vertices: { src: { watermark }, agg: { watermark }, sink: { watermark } } });
};

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['names the source where event time runs ahead', at((ms) => ms + 3_600_000), 'warning src'],
  ['is quiet just below a minute', at((ms) => ms + 59_000), 'clear'],
  ['fires from a minute on', at((ms) => ms + 60_000), 'warning src'],
  ['knows seconds (L53)', at((ms) => ms / 1000), 'warning src'],
  ['knows microseconds', at((ms) => ms * 1000), 'warning src'],
  ['is quiet about old data', at((ms) => ms - 3 * 365 * 86_400_000), 'clear'],
  ['is quiet about a clock of its own that begins at 0', at((ms) => ms - START_MS), 'clear'],
  ['is quiet about a healthy job', job.EVENT_TIME, 'clear'],
  ['is skipped without event time', job.HEALTHY, NO_EVENT_TIME],
  ['is skipped for a batch job', { ...at((ms) => ms / 1000), batch: true }, BATCH],
  ['is skipped while tasks are deployed', { ...at((ms) => ms / 1000), tasks: 'DEPLOYING' }, NOT_RUNNING],
];

describe('wm-future', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, wmFuture);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [wmFuture])).toEqual([]);
  });

  it('names the unit', () => {
    expect(
      only(
        judged(
          at((ms) => ms / 1000),
          wmFuture,
        ).findings,
      ).title.en,
    ).toBe('src: the times in its records are seconds, not milliseconds');
  });
});
