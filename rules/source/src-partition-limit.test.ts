import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import { srcPartitionLimit } from './src-partition-limit.js';

const reading = (partitions: number, busy = 0.95, growth = 200, more: Partial<JobSpec> = {}): JobSpec => ({
  vertices: {
    src: {
      parallelism: 2,
      busy,
      out: 200,
      lag: [1000, growth],
      metrics: Object.fromEntries(
        Array.from({ length: partitions }, (_, i) => [
          `Source__orders.KafkaSourceReader.topic.orders.partition.${i}.currentOffset`,
          1,
        ]),
      ),
    },
    sink: { parallelism: 2, inputs: { src: 'HASH' }, busy: 0.1, in: 200 },
  },
  ...more,
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires on two partitions for two readers', reading(2), 'info src'],
  ['is clear with more partitions', reading(3), 'clear'],
  ['is quiet when it rests', reading(2, 0.5), 'clear'],
  ['is quiet when it keeps up', reading(2, 0.95, 0), 'clear'],
  [
    'is not evaluated where partitions are not told',
    reading(0),
    'skipped: a busy source falls behind; whether it has more partitions than readers KafkaSourceReader.topic.<topic>.partition.<n>.currentOffset would tell, which is not read over REST',
  ],
  ['is skipped for a batch job', reading(2, 0.95, 200, { batch: true }), BATCH],
  ['is skipped while tasks are deployed', reading(2, 0.95, 200, { tasks: 'DEPLOYING' }), NOT_RUNNING],
];

describe('src-partition-limit', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, srcPartitionLimit);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [srcPartitionLimit])).toEqual([]);
  });
});
