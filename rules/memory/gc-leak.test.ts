import { describe, expect, it } from 'vitest';
import { NOT_RUNNING, judged, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import type { JobSpec } from '../../analyzer/testing/job-builder.js';
import { must, only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { gcLeak } from './gc-leak.js';

/** A saw tooth on a floor that rises: MiB at the start and per minute, of 512. */
const floor = (from: number, perMinute: number, more: Partial<JobSpec> = {}, youngPerSecond = 0.2): JobSpec => ({
  ...job.HEALTHY,
  samples: 60,
  taskManagers: [
    { heapAt: (s) => Math.min(500, from + (perMinute * s) / 60) + (s % 30 === 0 ? 0 : 8), youngPerSecond },
  ],
  ...more,
});
/** The state grows by so many MiB a minute. */
const withState = (perMinute: number): Partial<JobSpec> => ({
  checkpoints: Array.from({ length: 40 }, (_, i) => ({
    at: 125 + i * 11,
    durationMs: 50,
    stateBytes: (50 + (perMinute * i * 11) / 60) * 1024 * 1024,
  })),
});
const TREND =
  'skipped: a trend of the heap needs five minutes of readings with a collection in every part of them (Status.JVM.Memory.Heap.Used and the collectors of each TaskManager)';

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['is critical when it is full within the hour', floor(200, 20), 'critical tm-1'],
  [
    'is a warning when that is further away',
    floor(0, 0, {
      samples: 200,
      taskManagers: [
        {
          heap: { low: 0, high: 0, max: 8192 },
          heapAt: (s) => 4100 + 0.5 * s + (s % 30 === 0 ? 0 : 400),
          youngPerSecond: 0.2,
        },
      ],
    }),
    'warning tm-1',
  ],
  ['is quiet when it stays', floor(300, 0), 'clear'],
  ['is quiet when it grows little', floor(300, 4), 'clear'],
  ['is quiet below half of the heap: G1 need not have cleaned up yet', floor(40, 20), 'clear'],
  [
    'is quiet when a collection takes it back',
    floor(0, 0, { taskManagers: [{ heapAt: (s) => 300 + ((s * 0.7) % 160), youngPerSecond: 0.2 }] }),
    'clear',
  ],
  [
    'is quiet where each reading comes a little later after a collection: that floor only seems to rise',
    floor(0, 0, { taskManagers: [{ heapAt: (s) => 40 + ((s * 1.015) % 10) * 30, youngPerSecond: 0.1 }] }),
    'clear',
  ],
  ['leaves state on the heap to its own rules', floor(200, 20, withState(8)), 'clear'],
  ['is not misled by state that grows little', floor(200, 20, withState(0.5)), 'critical tm-1'],
  ['is not sure without collections: a quiet heap just fills', floor(200, 20, {}, 0), TREND],
  ['is skipped in the first minutes', floor(200, 20, { samples: 30 }), TREND],
  ['is skipped while tasks are deployed', floor(200, 20, { tasks: 'DEPLOYING' }), NOT_RUNNING],
  ['is quiet on a healthy job', { ...job.HEALTHY, samples: 90, taskManagers: [{ youngPerSecond: 0.1 }] }, 'clear'],
];

describe('gc-leak', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, gcLeak);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [gcLeak])).toEqual([]);
  });

  it('tells when it is full, and how sure it is', () => {
    const finding = only(judged(floor(200, 20), gcLeak).findings);
    // 512 − 200 − 20 × 10 minutes: about six minutes are left.
    expect(finding.title.en).toMatch(/full in (about [5-7]|[5-6](\.\d)? to [6-7](\.\d)?) min/);
    expect(finding.confidence).toBeGreaterThan(0.8);
  });

  it('tells between when and when, where it rises unevenly, and in figures', () => {
    const uneven = floor(0, 0, {
      taskManagers: [
        {
          heapAt: (s) => 200 + s / 3 + 8 * Math.sin(Math.floor(s / 53) * 2.3) + (s % 30 === 0 ? 0 : 60),
          youngPerSecond: 0.2,
        },
      ],
    });
    const { title, evidence } = only(judged(uneven, gcLeak).findings);
    expect(title.en).toMatch(/full (in \d+(\.\d)? to \d+(\.\d)?|within \d+) min$/);
    expect(title['zh-CN']).toMatch(/(至 \d+(\.\d)? min 后|min 内)耗尽$/);
    const value = (signal: string): number => must(evidence.find((item) => item.signal === signal)).value;
    expect(value('timeLeftLowMs')).toBeLessThanOrEqual(value('timeLeftMs'));
    expect(value('timeLeftMs')).toBeLessThanOrEqual(value('timeLeftHighMs'));
    expect(value('timeLeftLowMs')).toBeLessThan(value('timeLeftHighMs'));
  });

  it('advises no larger heap: it dies later', () => {
    expect(judged(floor(200, 20), gcLeak).advice).toEqual([]);
  });
});
