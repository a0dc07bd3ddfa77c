import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, vary, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import { historyOf, type JobSpec, type VertexSpec } from '../../analyzer/testing/job-builder.js';
import { live } from '../../analyzer/testing/judge.js';
import { only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { RULES } from '../index.js';
import { srcIdle } from './src-idle.js';

/** L57, for longer: no records at all. */
const IDLE: JobSpec = {
  samples: 180,
  vertices: {
    src: { parallelism: 2, busy: 0.01, out: 0, lag: [0, 0] },
    win: { parallelism: 2, inputs: { src: 'HASH' }, busy: 0, in: 0 },
  },
};
const src = (more: Partial<VertexSpec>): JobSpec => vary(IDLE, { vertices: { src: more } });
const second = (more: Partial<VertexSpec>): JobSpec => ({
  ...IDLE,
  vertices: {
    ...IDLE.vertices,
    other: { parallelism: 1, busy: 0.01, out: 0, ...more },
    win: { parallelism: 2, inputs: { src: 'HASH', other: 'HASH' }, busy: 0, in: 0 },
  },
});

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['says that nothing comes (L57)', IDLE, 'info src'],
  ['is quiet just below half an hour', { ...IDLE, samples: 179 }, 'clear'],
  ['says it of a source that went silent', { ...src({ out: (s) => (s > 60 ? 0 : 10) }), samples: 192 }, 'info src'],
  ['names the one that is idle beside another', second({ out: 10 }), 'info src'],
  ['is one matter where all are', second({}), 'info job'],
  ['is quiet where records wait: that is a fault, and another rule', src({ lag: [5000, 0] }), 'clear'],
  ['is quiet where it is held back', src({ bp: 0.9 }), 'clear'],
  ['is quiet where one reader of two reads', src({ out: [0, 0.1] }), 'clear'],
  ['is quiet about a healthy job', { ...job.HEALTHY, samples: 190 }, 'clear'],
  [
    'is skipped where nothing tells what is read',
    { samples: 180, vertices: { all: { parallelism: 2, busy: 0.4 } } },
    'skipped: no source tells how many records it reads',
  ],
  ['is skipped for a batch job', { ...IDLE, batch: true }, BATCH],
  ['is skipped while tasks are deployed', { ...IDLE, tasks: 'DEPLOYING' }, NOT_RUNNING],
];

describe('src-idle', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, srcIdle);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [srcIdle])).toEqual([]);
  });

  it('is less sure where it does not tell what waits', () => {
    const { lag: _lag, ...untold } = IDLE.vertices['src'] ?? { parallelism: 2 };
    const finding = only(judged({ ...IDLE, vertices: { ...IDLE.vertices, src: untold } }, srcIdle).findings);
    expect([finding.confidence, finding.summary.en.includes('does not tell whether records wait')]).toEqual([
      0.6,
      true,
    ]);
  });

  it('makes no warning of an idle job (L57)', () => {
    const { findings } = live(historyOf(IDLE), RULES).last;
    expect(findings.filter(({ severity, basis }) => severity !== 'info' && basis === 'measured')).toEqual([]);
    expect(findings.map(({ rule }) => rule)).toContain('src-idle');
  });
});
