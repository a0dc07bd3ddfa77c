import { describe, expect, it } from 'vitest';
import { judged, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { ckptFullRocksdb } from './ckpt-full-rocksdb.js';

const GIB = 1024 ** 3;
const rocks = (
  written: number | undefined,
  state: number,
  more: Partial<JobSpec> = {},
  durationMs = 4000,
): JobSpec => ({
  ...job.HEALTHY,
  checkpointing: { stateBackend: 'EmbeddedRocksDBStateBackend' },
  checkpoints: Array.from({ length: 5 }, () => ({
    durationMs,
    stateBytes: state,
    ...(written === undefined ? {} : { writtenBytes: written }),
  })),
  ...more,
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['is a word about whole copies', rocks(GIB, GIB), 'info job'],
  ['is a warning when they take ten seconds', rocks(GIB, GIB, {}, 10_000), 'warning job'],
  ['is quiet when a tenth is saved', rocks(0.89 * GIB, GIB), 'clear'],
  ['is quiet about little state', rocks(400e6, 400e6), 'clear'],
  [
    'is quiet about compaction: incremental is on',
    rocks(GIB, GIB, { configuration: { 'state.backend.incremental': 'true' } }),
    'clear',
  ],
  ['is quiet about hash maps, which are always whole', rocks(GIB, GIB, { checkpointing: {} }), 'clear'],
  [
    'is skipped where Flink does not tell what was written',
    rocks(undefined, GIB),
    'skipped: checkpointed_size of the checkpoints is not told: Flink has it from 1.15 on',
  ],
  ['is quiet on a healthy job', job.HEALTHY, 'clear'],
  ['is quiet on a right-sized job', job.RIGHT_SIZED, 'clear'],
];

describe('ckpt-full-rocksdb', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, ckptFullRocksdb);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [ckptFullRocksdb])).toEqual([]);
  });

  it.each([
    ['1.19.1', 'state.backend.incremental'],
    ['2.3.0', 'execution.checkpointing.incremental'],
  ])('names the option as Flink %s does', (flink, key) => {
    const { advice } = judged(rocks(GIB, GIB, { flink }), ckptFullRocksdb);
    expect(advice.flatMap(({ changes }) => changes)).toMatchObject([{ key, to: 'true' }]);
  });
});
