import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, vary, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import { historyOf, START_MS, type JobSpec } from '../../analyzer/testing/job-builder.js';
import { live } from '../../analyzer/testing/judge.js';
import { only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { RULES } from '../index.js';
import { wmLag } from './wm-lag.js';

const NO_EVENT_TIME = 'skipped: the job has no event time: no task tells a watermark';
/** Event time in ms since the tasks run, in all vertices. */
const at = (watermark: (seconds: number) => number): JobSpec =>
  vary(job.EVENT_TIME, { vertices: { src: { watermark }, agg: { watermark }, sink: { watermark } } });
const behindBy = (seconds: number): JobSpec => at((s) => (s - seconds) * 1000);
/** From ten minutes behind, at some pace against the clock. */
const paced = (pace: number): JobSpec => at((s) => pace * s * 1000 - 2_000_000);
const inSeconds = at((s) => (START_MS + s * 1000) / 1000 - START_MS);

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['knows seconds that are read as milliseconds (L53)', inSeconds, 'warning src'],
  ['says that event time keeps hours behind', behindBy(10_000), 'info src'],
  ['fires from ten minutes on', behindBy(600), 'info src'],
  ['is quiet just below', behindBy(599), 'clear'],
  ['is quiet about what falls behind: that is a lag', paced(0.84), 'clear'],
  ['is steady just above', paced(0.86), 'info src'],
  ['is quiet about what catches up', paced(1.16), 'clear'],
  ['is steady just below', paced(1.14), 'info src'],
  ['is quiet where one source of two is on time: another rule', job.HOUR_APART, 'clear'],
  [
    'names the first vertex that tells it, where sources do not',
    vary(behindBy(3600), { vertices: { src: { watermark: () => undefined } } }),
    'info agg',
  ],
  ['is quiet about event time that stands: another rule', at(() => -3_600_000), 'clear'],
  ['is quiet about event time ahead of the clock: another rule', behindBy(-3600), 'clear'],
  ['is quiet in the first two minutes', { ...inSeconds, samples: 11 }, 'clear'],
  ['is quiet about a healthy job', job.EVENT_TIME, 'clear'],
  ['is skipped without event time', job.HEALTHY, NO_EVENT_TIME],
  ['is skipped for a batch job', { ...inSeconds, batch: true }, BATCH],
  ['is skipped while tasks are deployed', { ...inSeconds, tasks: 'DEPLOYING' }, NOT_RUNNING],
];

describe('wm-lag', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, wmLag);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [wmLag])).toEqual([]);
  });

  it('names the unit', () => {
    expect(only(judged(inSeconds, wmLag).findings).title.en).toBe(
      'src: event time is 56 years behind the clock, its times are seconds',
    );
  });

  it('says what speaks for which reason', () => {
    const why = (spec: JobSpec): string => only(judged(spec, wmLag).findings).summary.en;
    expect(why(behindBy(8 * 3600 + 5))).toContain('local time that is taken as UTC');
    expect(why(behindBy(8 * 3600 + 1800))).not.toContain('local time');
    const backlog = vary(behindBy(1200), { vertices: { src: { lag: [480_000, 0] } } });
    expect(why(backlog)).toContain('480k records wait at the source');
  });

  it('is the one root where the unit is wrong (L53)', () => {
    const { findings } = live(historyOf(inSeconds), RULES).last;
    const told = findings.filter(({ severity, basis }) => severity !== 'info' && basis === 'measured');
    expect(told.map(({ rule, role }) => [rule, role])).toEqual([
      ['wm-lag', 'root'],
      ['wm-future', 'symptom'],
    ]);
  });
});
