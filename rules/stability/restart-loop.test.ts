import { describe, expect, it } from 'vitest';
import type { Advice } from '../../analyzer/engine/recommendation.js';
import { judged, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { ExceptionSpec, JobSpec } from '../../analyzer/testing/job-builder.js';
import { only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import * as trace from '../../analyzer/testing/traces.js';
import { restartLoop } from './restart-loop.js';

const fall = (at: number, text = trace.userFailure(at)): ExceptionSpec => ({
  at,
  trace: text,
  task: 'map (1/2) - execution #3',
});
/** L42: one fall every twenty seconds. */
const loop = (falls: readonly ExceptionSpec[], more: Partial<JobSpec> = {}): JobSpec => ({
  ...job.HEALTHY,
  checkpoints: [],
  exceptions: falls,
  restarts: (seconds) => falls.filter(({ at }) => at <= seconds).length,
  ...more,
});
const every = (seconds: number, count: number): ExceptionSpec[] =>
  Array.from({ length: count }, (_, i) => fall(20 + i * seconds));
/** L44: a killed TaskManager counts eight restarts in a minute. */
const killed = loop(
  [
    trace.REMOTE_TRANSPORT,
    ...Array.from({ length: 3 }, () => trace.UNREACHABLE),
    ...Array.from({ length: 4 }, () => trace.NO_RESOURCE),
  ].map((text, i) => fall(100 + i * 8, text)),
);

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['fires on a job that falls every 20 s (L42)', loop(every(20, 13)), 'critical job'],
  ['fires from three falls in ten minutes', loop(every(90, 3)), 'critical job'],
  ['is quiet about two', loop(every(90, 2)), 'clear'],
  ['is quiet about one that recovered (L43)', loop(every(90, 1)), 'clear'],
  ['is quiet when three falls spread over more than ten minutes', loop(every(350, 3), { samples: 90 }), 'clear'],
  ['is quiet about one lost TaskManager, however many restarts it counts (L44)', killed, 'clear'],
  [
    'is quiet about checkpoints that take the job down: that is ckpt-failing (L38)',
    loop([20, 60, 100, 140].map((at) => fall(at, trace.TOLERANCE))),
    'clear',
  ],
  ['is quiet about missing slots (L45)', loop([20, 60, 100, 140].map((at) => fall(at, trace.NO_RESOURCE))), 'clear'],
  [
    'fires on memory that runs out again and again (L28)',
    loop([20, 80, 140].map((at) => fall(at, trace.DIRECT_MEMORY))),
    'critical job',
  ],
  [
    'fires at the first look: the history of exceptions is enough',
    loop(every(20, 5), { restarts: () => 0 }),
    'critical job',
  ],
  [
    'counts one fall of several tasks once',
    loop([fall(50), { ...fall(50), concurrent: true }, { ...fall(51), concurrent: true }]),
    'clear',
  ],
  ['judges a job that is restarting now', loop(every(20, 13), { state: 'RESTARTING' }), 'critical job'],
  ['judges batch jobs too', loop(every(20, 13), { batch: true }), 'critical job'],
  [
    'is skipped, with the reason, when exceptions cannot be read',
    loop([], { missing: ['/jobs/:jobid/exceptions'] }),
    'skipped: /jobs/:jobid/exceptions could not be read: HTTP 500',
  ],
];

describe('restart-loop', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, restartLoop);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [restartLoop])).toEqual([]);
  });

  it('names the failure with digits masked, the first frame of user code and the task', () => {
    const { title, summary } = only(judged(loop(every(20, 13)), restartLoop).findings);
    expect(title.en).toBe('orders fell 13 times in 5 min: IllegalStateException: injected failure # at record #');
    expect(summary.en).toContain('in lab.Work.apply (task map (1/2) - execution #3)');
    expect(summary.en).toContain('No checkpoint completes in between');
  });

  it('at the very first reading claims nothing of a time that it did not see', () => {
    const first = loop([fall(-90), fall(-60), fall(-30)], { samples: 0 });
    const verdict = judged(first, restartLoop);
    expect(verdictOf(verdict)).toBe('critical job');
    expect(flawsIn(verdict, [restartLoop])).toEqual([]);
  });

  it('tells a job that creeps on from one that makes no progress', () => {
    const creeping = loop(every(20, 13), { checkpoints: [{ durationMs: 20 }, { durationMs: 20 }] });
    expect(only(judged(creeping, restartLoop).findings).summary.en).toContain('Checkpoints complete in between');
  });

  it('backs restarts off and ends them, and rejects resources', () => {
    const advice = only(judged(loop(every(20, 13)), restartLoop).advice);
    expect(optionsIn(advice)).toEqual([
      ['restart-strategy.type', 'exponential-delay'],
      ['restart-strategy.exponential-delay.attempts-before-reset-backoff', 10],
    ]);
    expect(advice.title.en).toContain('in lab.Work.apply; until then let restarts back off and end after 10');
    expect(advice.rejected.map(({ alternative }) => alternative.en)).toEqual(['more parallelism or memory']);
  });

  it('follows the configuration: what is set already is not changed', () => {
    const backing = loop(every(20, 13), { configuration: { 'restart-strategy.type': 'exponential-delay' } });
    expect(optionsIn(only(judged(backing, restartLoop).advice)).map(([, to]) => to)).toEqual([10]);
  });

  it('with both set already changes no option, yet says what to do', () => {
    const done = loop(every(20, 13), {
      configuration: {
        'restart-strategy.type': 'exponential-delay',
        'restart-strategy.exponential-delay.attempts-before-reset-backoff': '10',
      },
    });
    const verdict = judged(done, restartLoop);
    expect(flawsIn(verdict, [restartLoop])).toEqual([]);
    expect(optionsIn(only(verdict.advice))).toEqual([]);
    expect(only(only(verdict.advice).changes)).toMatchObject({ to: 'mend lab.Work.apply', unit: 'code' });
  });

  const versions: readonly (readonly [string, readonly string[]])[] = [
    ['1.13.6', ['restart-strategy']],
    ['1.17.2', ['restart-strategy.type']],
    ['2.3.0', ['restart-strategy.type', 'restart-strategy.exponential-delay.attempts-before-reset-backoff']],
  ];
  it.each(versions)('gives Flink %s the keys that it knows, and promises no end without them', (flink, keys) => {
    const advice = only(judged(loop(every(20, 13), { flink }), restartLoop).advice);
    expect(optionsIn(advice).map(([key]) => key)).toEqual(keys);
    expect(advice.title.en.includes('end after 10')).toBe(keys.length === 2);
  });
});

/** Option keys that an advice changes, with their new values. */
function optionsIn({ changes }: Advice): (readonly [string, string | number])[] {
  return changes.flatMap(({ key, to }) => (key === undefined ? [] : [[key, to] as const]));
}
