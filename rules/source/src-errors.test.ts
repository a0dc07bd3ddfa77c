import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, vary, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import { type JobSpec, type VertexSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { srcErrors } from './src-errors.js';

const src = (metrics: NonNullable<VertexSpec['metrics']>): JobSpec =>
  vary(job.HEALTHY, { vertices: { src: { metrics } } });
const errors = (perMinute: number, until = Infinity): JobSpec =>
  src({ 'Source__src.numRecordsInErrors': (s) => Math.floor((Math.min(s, until) * perMinute) / 60) });
const commits = (perMinute: number): JobSpec =>
  src({ 'Source__src.KafkaSourceReader.commitsFailed': (s) => Math.floor((s * perMinute) / 60) });
const NOT_TOLD =
  'skipped: no source has told numRecordsInErrors or commitsFailed twice yet: it is not registered there, or was not read';

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires on records that cannot be read', errors(60), 'warning src'],
  ['fires from ten on', errors(2.5), 'warning src'],
  ['is quiet just below', errors(2.25), 'clear'],
  ['is quiet once it ended', errors(60, 200), 'clear'],
  ['is an info about offsets that cannot be committed', commits(1), 'info src'],
  ['is quiet about one that failed', commits(0.3), 'clear'],
  ['is quiet without any', src({ 'Source__src.numRecordsInErrors': 0 }), 'clear'],
  [
    'is quiet about the same counter elsewhere',
    vary(errors(0), { vertices: { map: { metrics: { 'x.numRecordsInErrors': (s) => s } } } }),
    'clear',
  ],
  ['is skipped where no source tells', job.HEALTHY, NOT_TOLD],
  ['is skipped after a single look', { ...errors(60), samples: 9 }, NOT_TOLD],
  ['is skipped for a batch job', { ...errors(60), batch: true }, BATCH],
  ['is skipped while tasks are deployed', { ...errors(60), tasks: 'DEPLOYING' }, NOT_RUNNING],
];

describe('src-errors', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, srcErrors);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [srcErrors])).toEqual([]);
  });
});
