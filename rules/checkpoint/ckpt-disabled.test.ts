import { describe, expect, it } from 'vitest';
import { judged, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { ckptDisabled } from './ckpt-disabled.js';

const off = (more: Partial<JobSpec> = {}): JobSpec => ({
  ...job.HEALTHY,
  checkpoints: [],
  checkpointing: 'off',
  samples: 66,
  ...more,
});
const stateless: JobSpec['vertices'] = {
  src: { parallelism: 2, out: 10 },
  sink: { parallelism: 2, inputs: { src: 'REBALANCE' }, in: 10 },
};

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['is a word about a keyed job without checkpoints', off(), 'info job'],
  ['is a warning once a restart has emptied the state', off({ restarts: (s) => (s > 400 ? 1 : 0) }), 'warning job'],
  ['is a warning at once when it restarts', off({ samples: 20, restarts: (s) => (s > 100 ? 1 : 0) }), 'warning job'],
  ['is quiet in the first ten minutes', off({ samples: 59 }), 'clear'],
  ['is quiet without keyed exchanges', off({ vertices: stateless }), 'clear'],
  ['is skipped for a batch job', off({ batch: true }), 'skipped: a batch job: pressure and lag mean nothing here'],
  [
    'is skipped while the settings are not read',
    off({ checkpointing: 'none' }),
    'skipped: /jobs/:jobid/checkpoints/config was not read yet',
  ],
  ['is quiet on a healthy job', job.HEALTHY, 'clear'],
  ['is quiet on a right-sized job', job.RIGHT_SIZED, 'clear'],
];

describe('ckpt-disabled', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, ckptDisabled);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [ckptDisabled])).toEqual([]);
  });

  it('advises an interval to start from', () => {
    expect(judged(off(), ckptDisabled).advice.flatMap(({ changes }) => changes)).toMatchObject([
      { key: 'execution.checkpointing.interval', to: '60 s' },
    ]);
  });
});
