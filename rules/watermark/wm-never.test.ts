import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, vary, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import { type JobSpec, type VertexSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { wmNever } from './wm-never.js';

const win = (more: Partial<VertexSpec>): JobSpec => vary(job.HEALTHY, { vertices: { agg: { out: 0, ...more } } });
const EVENT_WINDOW = win({ name: 'TumblingEventTimeWindows' });

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires where a window of event time has no source with watermarks', EVENT_WINDOW, 'warning agg'],
  ['fires where some readers never emit (L10)', job.TWO_PARTITIONS, 'warning win'],
  ['is quiet just below two minutes', { ...EVENT_WINDOW, samples: 11 }, 'clear'],
  ['fires from two minutes on', { ...EVENT_WINDOW, samples: 12 }, 'warning agg'],
  ['is quiet about a job without event time', job.HEALTHY, 'clear'],
  ['is quiet about a window of processing time', win({ name: 'TumblingProcessingTimeWindows' }), 'clear'],
  [
    'is quiet about a window by its own name: it may be one of processing time',
    win({ name: 'win', metrics: { 'win.numLateRecordsDropped': 0 } }),
    'clear',
  ],
  [
    'is quiet about what makes the watermarks',
    vary(job.EVENT_TIME, { vertices: { agg: { name: 'Timestamps/Watermarks', watermark: () => undefined } } }),
    'clear',
  ],
  ['is quiet where event time stands: another rule', job.SILENT_READER, 'clear'],
  ['is quiet about a healthy job with event time', job.EVENT_TIME, 'clear'],
  ['is quiet without records', vary(EVENT_WINDOW, { vertices: { src: { out: 0 }, agg: { in: 0 } } }), 'clear'],
  [
    'is skipped where metrics cannot be read',
    { ...EVENT_WINDOW, missing: ['/jobs/:jobid/vertices/:vertexid/metrics'] },
    'skipped: /jobs/:jobid/vertices/:vertexid/metrics could not be read: HTTP 500',
  ],
  ['is skipped for a batch job', { ...EVENT_WINDOW, batch: true }, BATCH],
  ['is skipped while tasks are deployed', { ...EVENT_WINDOW, tasks: 'DEPLOYING' }, NOT_RUNNING],
];

describe('wm-never', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, wmNever);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [wmNever])).toEqual([]);
  });
});
