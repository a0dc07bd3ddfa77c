import { describe, expect, it } from 'vitest';
import { BATCH, judged, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { CheckpointSpec, JobSpec } from '../../analyzer/testing/job-builder.js';
import { must, only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { ckptTimeout } from './ckpt-timeout.js';

const EXPIRED: CheckpointSpec = {
  failed: 'Checkpoint expired before completing.',
  silent: ['map'],
  durationMs: 10_000,
};
const on = (checkpoints: readonly CheckpointSpec[], more: Partial<JobSpec> = {}): JobSpec => ({
  ...job.HEALTHY,
  checkpointing: { timeoutMs: 10_000 },
  checkpoints,
  ...more,
});
const OK: CheckpointSpec = { durationMs: 9_000 };
const OTHER: CheckpointSpec = { failed: 'Asynchronous task checkpoint failed.' };

const claims: readonly (readonly [string, JobSpec, string])[] = [
  [
    'is critical when all expire, and names the vertex that never answers (L37)',
    on([EXPIRED, EXPIRED, EXPIRED]),
    'critical map',
  ],
  ['is a warning when some complete', on([OK, EXPIRED, OK, EXPIRED]), 'warning map'],
  ['is quiet about one that expired', on([OK, OK, EXPIRED, OK]), 'clear'],
  ['looks at the last ten only', on([EXPIRED, EXPIRED, ...Array.from({ length: 10 }, () => OK)]), 'clear'],
  ['is quiet about failures of another kind', on([OTHER, OTHER, OTHER]), 'clear'],
  [
    'names the job when several vertices did not answer',
    on([EXPIRED, { ...EXPIRED, silent: ['agg'] }]),
    'critical job',
  ],
  [
    'names the job when the phases were not read',
    on([{ failed: 'Checkpoint expired before completing.' }, { failed: 'Checkpoint expired before completing.' }]),
    'critical job',
  ],
  ['judges a job that restarts too', on([EXPIRED, EXPIRED], { state: 'RESTARTING' }), 'critical map'],
  [
    'is skipped when the job takes no checkpoints',
    on([], { checkpointing: 'none' }),
    'skipped: the job takes no checkpoints, or none was read yet',
  ],
  ['is skipped for a batch job', on([EXPIRED, EXPIRED], { batch: true }), BATCH],
];

describe('ckpt-timeout', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, ckptTimeout);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [ckptTimeout])).toEqual([]);
  });

  it('counts the subtasks that did not acknowledge', () => {
    const { title, evidence } = only(judged(on([EXPIRED, EXPIRED]), ckptTimeout).findings);
    expect(title.en).toBe('Checkpoints expire after 10 s: map does not finish');
    expect(must(evidence.find(({ signal }) => signal === 'missingSubtasks')).value).toBe(2);
  });

  it('when none completes, looks again at twice the limit, and says how little it knows', () => {
    const advice = only(judged(on([EXPIRED, EXPIRED]), ckptTimeout).advice);
    expect(advice.changes).toEqual([
      { scope: 'job', key: 'execution.checkpointing.timeout', from: '10 s', to: '20 s', unit: '' },
    ]);
    expect(advice.confidence).toBe(0.4);
    expect(advice.rejected.map(({ alternative }) => alternative.en)).toEqual(['more tolerable failures']);
  });

  it('follows the readings: three times what the slowest completed one took, at least a minute', () => {
    expect(only(judged(on([OK, EXPIRED, EXPIRED]), ckptTimeout).advice).changes).toMatchObject([{ to: '60 s' }]);
    const slow = on([{ durationMs: 90_000 }, EXPIRED, EXPIRED], { checkpointing: { timeoutMs: 100_000 } });
    expect(only(judged(slow, ckptTimeout).advice).changes).toMatchObject([{ from: '100 s', to: '270 s' }]);
  });

  it('advises nothing when the limit is generous already', () => {
    const generous = on([OK, EXPIRED, EXPIRED], { checkpointing: { timeoutMs: 600_000 } });
    expect(judged(generous, ckptTimeout).advice).toEqual([]);
  });
});
