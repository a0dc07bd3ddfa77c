import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, vary, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import { type JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { wmLateDrops } from './wm-late-drops.js';

/** 500 records/s reach the window; so many of them are dropped until then. */
const late = (perSecond: number, until = Infinity, more: Partial<JobSpec> = {}): JobSpec => ({
  ...vary(job.EVENT_TIME, {
    vertices: { agg: { metrics: { 'agg.numLateRecordsDropped': (s) => Math.round(Math.min(s, until) * perSecond) } } },
  }),
  ...more,
});
const NOT_TOLD =
  'skipped: no vertex has told numLateRecordsDropped twice yet: it is not registered there, or was not read';

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['is critical at 2 % of the records (L52)', late(10), 'critical agg'],
  ['is critical from 1 %', late(5.1), 'critical agg'],
  ['is a warning below', late(4.9), 'warning agg'],
  ['is a warning from .1 %', late(0.55), 'warning agg'],
  ['is quiet just below', late(0.48), 'clear'],
  ['is quiet about fewer than a hundred', late(0.55, Infinity, { samples: 18 }), 'clear'],
  ['is quiet once it ended', late(10, 200), 'clear'],
  [
    'is a warning at most while a backlog is read',
    vary(late(10), { vertices: { src: { lag: [200_000, -300] } } }),
    'warning agg',
  ],
  ['is quiet about a healthy job with windows', job.EVENT_TIME, 'clear'],
  ['is skipped for a job without windows', job.HEALTHY, NOT_TOLD],
  ['is skipped after a single look', late(10, Infinity, { samples: 9 }), NOT_TOLD],
  ['decides from the second on', late(10, Infinity, { samples: 12 }), 'critical agg'],
  ['is skipped for a batch job', { ...late(10), batch: true }, BATCH],
  ['is skipped while tasks are deployed', { ...late(10), tasks: 'DEPLOYING' }, NOT_RUNNING],
];

describe('wm-late-drops', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, wmLateDrops);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [wmLateDrops])).toEqual([]);
  });
});
