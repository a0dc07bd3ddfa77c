import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, vary, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import { type JobSpec, type VertexSpec } from '../../analyzer/testing/job-builder.js';
import { only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { srcPartitionsLtParallelism as rule } from './src-partitions-lt-parallelism.js';

const NO_TIME = (): undefined => undefined;
const src = (more: Partial<VertexSpec>): JobSpec => vary(job.TWO_PARTITIONS, { vertices: { src: more } });
const NO_EVENT_TIME = src({ watermark: NO_TIME });

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['is a warning where event time waits for the readers (L10)', job.TWO_PARTITIONS, 'warning src'],
  ['is an info where nothing waits for them', NO_EVENT_TIME, 'info src'],
  ['is quiet in the first two minutes', { ...NO_EVENT_TIME, samples: 11 }, 'clear'],
  ['fires from two minutes on: they have no partition', { ...NO_EVENT_TIME, samples: 12 }, 'info src'],
  ['is quiet when each reader has emitted once', src({ out: [504, 504, 0.01, 0.01] }), 'clear'],
  ['is quiet about a reader with records waiting', src({ lag: [4000, 0], noSplit: [] }), 'clear'],
  ['is quiet before the others have read much', src({ out: [1, 0.5, 0, 0], watermark: NO_TIME }), 'clear'],
  ['is quiet about a reader that went silent', job.SILENT_READER, 'clear'],
  ['is quiet about one reader', { vertices: { src: { parallelism: 1, out: 500 } } }, 'clear'],
  ['is quiet about an idle job', src({ out: 0 }), 'clear'],
  ['is quiet about a healthy job', job.HEALTHY, 'clear'],
  ['is skipped for a batch job', { ...job.TWO_PARTITIONS, batch: true }, BATCH],
  ['is skipped while tasks are deployed', { ...job.TWO_PARTITIONS, tasks: 'DEPLOYING' }, NOT_RUNNING],
];

describe('src-partitions-lt-parallelism', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, rule);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [rule])).toEqual([]);
  });

  it('is sure of it where the others tell waiting records and these do not', () => {
    const { title, summary, confidence } = only(judged(job.TWO_PARTITIONS, rule).findings);
    expect(title.en).toBe('src: 2 readers of 4 have nothing to read');
    expect(summary.en).toContain('They have no partition. Parallelism 2 does the same work');
    expect(confidence).toBe(0.9);
  });

  it('names an empty partition too where readers tell no waiting records', () => {
    const blind = src({ noSplit: [0, 1, 2, 3] });
    expect(only(judged(blind, rule).findings).summary.en).toContain('no partition, or an empty one');
  });

  it('advises idleness only where event time waits', () => {
    expect(only(judged(job.TWO_PARTITIONS, rule).advice).kind).toBe('source');
    expect(judged(NO_EVENT_TIME, rule).advice).toEqual([]);
  });
});
