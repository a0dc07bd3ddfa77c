import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, vary, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import { type JobSpec, type VertexSpec } from '../../analyzer/testing/job-builder.js';
import { only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { wmStuck } from './wm-stuck.js';

const NO_EVENT_TIME = 'skipped: the job has no event time: no task tells a watermark';
const until60 = (seconds: number): number => Math.min(seconds, 60) * 1000;
/** Every reader emits, and none of the times in its records is newer. */
const OLD_TIMES: JobSpec = vary(job.EVENT_TIME, {
  vertices: {
    src: { watermark: until60 },
    agg: { watermark: until60, out: (s) => (s > 70 ? 0 : 5) },
    sink: { watermark: until60, in: (s) => (s > 70 ? 0 : 5) },
  },
});
const change = (vertices: Readonly<Record<string, Partial<VertexSpec>>>): JobSpec => vary(OLD_TIMES, { vertices });

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires where records flow and event time stands', OLD_TIMES, 'warning agg'],
  ['names who waits for a silent reader (L50)', job.SILENT_READER, 'warning agg'],
  ['is quiet just below two minutes', { ...OLD_TIMES, samples: 17 }, 'clear'],
  ['is an info where nobody is seen to wait', change({ agg: { metrics: {}, out: 5 } }), 'info agg'],
  ['is quiet under pressure: event time waits in the buffers', change({ src: { bp: 0.9 } }), 'clear'],
  ['is quiet where hardly a record flows', change({ agg: { in: 0.1 }, src: { out: 0.05 } }), 'clear'],
  ['is quiet about a job that is idle', change({ agg: { in: 0 }, src: { out: 0 } }), 'clear'],
  ['is quiet where there never was a watermark: another rule', job.TWO_PARTITIONS, 'clear'],
  ['is quiet about a healthy job', job.EVENT_TIME, 'clear'],
  ['is skipped without event time', job.HEALTHY, NO_EVENT_TIME],
  ['is skipped for a batch job', { ...OLD_TIMES, batch: true }, BATCH],
  ['is skipped while tasks are deployed', { ...OLD_TIMES, tasks: 'DEPLOYING' }, NOT_RUNNING],
];

describe('wm-stuck', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, wmStuck);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [wmStuck])).toEqual([]);
  });

  it('says where to look only where no silent reader is the reason', () => {
    expect(only(judged(OLD_TIMES, wmStuck).findings).summary.en).toContain('look at the times in the records');
    expect(only(judged(job.SILENT_READER, wmStuck).findings).summary.en).not.toContain('look at the times');
  });

  it('counts what went by', () => {
    const { title, evidence } = only(judged(OLD_TIMES, wmStuck).findings);
    expect(title.en).toBe('Event time at agg has not moved for 6 min');
    expect(evidence.map(({ signal, value }) => [signal, value])).toContainEqual(['recordsMeanwhile', 170_000]);
  });
});
