import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, vary, verdictOf, WARMING_UP } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import { historyOf, type JobSpec } from '../../analyzer/testing/job-builder.js';
import { judge } from '../../analyzer/testing/judge.js';
import { only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { netBufferTimeoutZero } from './net-buffer-timeout-zero.js';

type Settings = Readonly<Record<string, string>>;
const ZERO: Settings = { 'execution.buffer-timeout.interval': '0 ms' };

/** L49: 3000 small records a second and subtask over two exchanges. */
const sends = (out: number, configuration: Settings = ZERO, more: Partial<JobSpec> = {}): JobSpec => ({
  ...vary(job.HEALTHY, { vertices: { src: { out }, map: { in: out }, agg: { in: out } } }),
  configuration,
  ...more,
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['says a word at 3000 records/s (L49)', sends(3000), 'info job'],
  ['warns from 10 000 on', sends(10_100), 'warning job'],
  ['does not warn just below', sends(9900), 'info job'],
  ['is quiet just below 1000', sends(990), 'clear'],
  ['is quiet at low traffic, whatever the timeout (L59)', sends(12), 'clear'],
  ['is quiet with the default timeout', sends(20_000, { a: 'b' }), 'clear'],
  ['is quiet with a short one', sends(20_000, { 'execution.buffer-timeout.interval': '5 ms' }), 'clear'],
  ['is quiet where buffers leave only when full', sends(20_000, { 'execution.buffer-timeout': '-1' }), 'clear'],
  ['is quiet where flushing is off', sends(20_000, { ...ZERO, 'execution.buffer-timeout.enabled': 'false' }), 'clear'],
  ['knows the name up to 1.16', sends(3000, { 'execution.buffer-timeout': '0' }, { flink: '1.16.3' }), 'info job'],
  ['is quiet about one vertex, which sends nothing', vary(job.CHAINED, { configuration: ZERO }), 'clear'],
  ['is skipped without a configuration', sends(3000, {}), 'skipped: the configuration was not read yet'],
  ['is skipped for a batch job', sends(3000, ZERO, { batch: true }), BATCH],
  ['is skipped while tasks wait for slots', sends(3000, ZERO, { tasks: 'SCHEDULED' }), NOT_RUNNING],
  ['is skipped in the first half minute', sends(3000, ZERO, { samples: 3 }), WARMING_UP],
];

describe('net-buffer-timeout-zero', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, netBufferTimeoutZero);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [netBufferTimeoutZero])).toEqual([]);
  });

  it.each([
    [40, 'info job'],
    [41, 'clear'],
  ])('with %s times as large records: %s', (times, said) => {
    const history = historyOf(sends(3000));
    const vertices = history.vertices.map((vertex) => ({
      ...vertex,
      subtasks: vertex.subtasks.map(({ subtask, samples }) => ({
        subtask,
        samples: samples.map((sample) => ({ ...sample, bytesOut: (sample.bytesOut ?? 0) * times })),
      })),
    }));
    expect(verdictOf(judge({ ...history, vertices }, [netBufferTimeoutZero]))).toBe(said);
  });

  it.each([
    ['2.3.0', ZERO, 'execution.buffer-timeout.interval', '0 ms'],
    ['1.20.3', { 'execution.buffer-timeout': '0' }, 'execution.buffer-timeout', '0'],
  ])('on Flink %s changes the key that is set', (flink, set, key, from) => {
    const advice = only(judged(sends(3000, set, { flink }), netBufferTimeoutZero).advice);
    expect(advice.changes).toMatchObject([{ key, from, to: '100 ms' }]);
  });
});
