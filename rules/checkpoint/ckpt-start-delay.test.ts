import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, vary, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { CheckpointSpec, JobSpec } from '../../analyzer/testing/job-builder.js';
import { must, only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { ckptStartDelay } from './ckpt-start-delay.js';

const times = (count: number, checkpoint: CheckpointSpec): CheckpointSpec[] =>
  Array.from({ length: count }, () => checkpoint);
/** L03: the idle sink inherits the delay of the full map before it. */
const L03: CheckpointSpec = { phases: { map: { start: 10_870 }, sink: { start: 10_860, align: 30 } } };
const QUICK: CheckpointSpec = { phases: { map: { start: 40 } } };
const on = (checkpoints: readonly CheckpointSpec[], more: Partial<JobSpec> = {}): JobSpec => ({
  ...job.SLOW_LOOKUP,
  checkpoints,
  ...more,
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['names the vertex where the delay begins, not the idle sink below it', on(times(5, L03)), 'warning map'],
  ['fires on three of the last five', on([L03, L03, QUICK, L03, QUICK]), 'warning map'],
  ['is quiet on two of five', on([L03, QUICK, QUICK, L03, QUICK]), 'clear'],
  ['forgets slow ones before the last five', on([L03, L03, L03, QUICK, QUICK, QUICK, L03]), 'clear'],
  ['fires from 5 s', on(times(5, { phases: { map: { start: 5000 } } })), 'warning map'],
  [
    'fires when it is a little more than half of the checkpoint',
    on(times(5, { phases: { map: { start: 6000, async: 5000 } } })),
    'warning map',
  ],
  ['is quiet at 4.9 s', on(times(5, { phases: { map: { start: 4900 } } })), 'clear'],
  [
    'is quiet when another phase takes more than half',
    on(times(5, { phases: { map: { start: 6000, async: 6500 } } })),
    'clear',
  ],
  [
    'is only a word while a backlog is worked off',
    vary(on(times(5, L03)), { vertices: { src: { lag: [200_000, -400] } } }),
    'info map',
  ],
  ['does not count what was triggered in the first ten seconds', on(times(4, { ...L03, at: 5 })), 'clear'],
  ['does not count savepoints', on(times(5, { ...L03, savepoint: true })), 'clear'],
  ['is quiet without phases: durations alone do not tell', on(times(5, { durationMs: 14_000 })), 'clear'],
  [
    'is skipped when the job takes no checkpoints',
    on([], { checkpointing: 'none' }),
    'skipped: the job takes no checkpoints, or none was read yet',
  ],
  [
    'is skipped, with the reason, when they cannot be read',
    on([], { checkpointing: 'none', missing: ['/jobs/:jobid/checkpoints'] }),
    'skipped: /jobs/:jobid/checkpoints could not be read: HTTP 500',
  ],
  ['is skipped for a batch job', on(times(5, L03), { batch: true }), BATCH],
  ['is skipped while tasks are deployed', on(times(5, L03), { tasks: 'DEPLOYING' }), NOT_RUNNING],
];

describe('ckpt-start-delay', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, ckptStartDelay);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [ckptStartDelay])).toEqual([]);
  });

  it('shows the delay, its share and the whole', () => {
    const { evidence } = only(judged(on(times(5, L03)), ckptStartDelay).findings);
    expect(evidence.map(({ signal, value }) => [signal, Math.round(value * 100) / 100])).toEqual([
      ['startDelayMs', 10_870],
      ['startDelayShare', 1],
      ['checkpointMs', 10_892],
    ]);
  });

  const LONG = on(times(5, { phases: { map: { start: 110_000, async: 70 } } }), { samples: 60 });

  it('lets barriers overtake, exactly', () => {
    const advice = only(judged(LONG, ckptStartDelay).advice);
    expect(advice.diffs['config.yaml']).toBe(
      '+ execution.checkpointing.unaligned.enabled: true\n+ execution.checkpointing.aligned-checkpoint-timeout: 30 s',
    );
    expect(advice.rejected.map(({ alternative }) => alternative.en)).toEqual(['a longer checkpoint timeout']);
  });

  it('follows the readings: a delay of 110 s comes down to the 30 s after which barriers overtake', () => {
    expect(must(only(judged(LONG, ckptStartDelay).advice).expected[0])).toMatchObject({ from: 110_070, to: 30_070 });
  });

  it('advises only what helps: a wait of 11 s must come down too', () => {
    for (const { expected } of judged(on(times(5, L03)), ckptStartDelay).advice) {
      expect(must(expected[0]).to).toBeLessThan(must(expected[0]).from);
    }
  });

  const without: readonly (readonly [string, JobSpec['checkpointing']])[] = [
    ['they are unaligned already', { unaligned: true }],
    ['the job is at least once', { mode: 'at_least_once' }],
    ['several run at a time', { maxConcurrent: 2 }],
  ];
  it.each(without)('advises nothing when %s', (_claim, checkpointing) => {
    const spec: JobSpec = { ...LONG, ...(checkpointing === undefined ? {} : { checkpointing }) };
    const verdict = judged(spec, ckptStartDelay);
    expect(verdict.findings).toHaveLength(1);
    expect(verdict.advice).toEqual([]);
  });

  it('gives Flink 1.13 the keys that it knows', () => {
    const advice = only(judged({ ...LONG, flink: '1.13.6' }, ckptStartDelay).advice);
    expect(advice.diffs['flink-conf.yaml']).toContain('+ execution.checkpointing.unaligned: true');
    expect(advice.diffs['flink-conf.yaml']).toContain('+ execution.checkpointing.alignment-timeout: 30 s');
  });
});
