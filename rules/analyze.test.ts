import { describe, expect, it } from 'vitest';
import { analyzeJob, type JobReport } from '../analyzer/engine/analyze.js';
import { historyOf, nowOf, type JobSpec } from '../analyzer/testing/job-builder.js';
import { live } from '../analyzer/testing/judge.js';
import { must } from '../analyzer/testing/must.js';
import * as job from '../analyzer/testing/scenarios.js';
import * as trace from '../analyzer/testing/traces.js';
import { vary } from '../analyzer/testing/claims.js';
import { RULES } from './index.js';

const report = (spec: JobSpec): JobReport => live(historyOf(spec), RULES).last;
const roots = ({ findings }: JobReport): string[] =>
  findings
    .filter(({ role, severity }) => role === 'root' && severity !== 'info')
    .map(({ rule, subject }) => `${rule} ${subject.vertexId ?? subject.taskManagerId ?? subject.kind}`);

const L42: JobSpec = {
  ...job.HEALTHY,
  checkpoints: [],
  exceptions: Array.from({ length: 13 }, (_, i) => ({
    at: 20 + 20 * i,
    trace: trace.userFailure(i),
    task: 'map (1/2)',
  })),
  restarts: (seconds) => Math.floor(seconds / 20),
};
const L44: JobSpec = {
  ...vary(job.HEALTHY, { vertices: { agg: { on: [0, 1] } } }),
  checkpoints: [],
  taskManagers: [{}, { goneAt: 115 }],
  exceptions: [trace.REMOTE_TRANSPORT, trace.UNREACHABLE, trace.NO_RESOURCE].map((text, i) => ({
    at: 100 + 10 * i,
    trace: text,
  })),
  restarts: (seconds) => (seconds < 100 ? 0 : 8),
};
const L45: JobSpec = {
  vertices: { src: { parallelism: 8, out: 1 }, agg: { parallelism: 8, inputs: { src: 'HASH' }, in: 1 } },
  tasks: 'SCHEDULED',
  taskManagers: [{ slots: 4 }],
  slots: { total: 4, free: 4 },
};
const L33: JobSpec = {
  ...job.HEALTHY,
  checkpoints: Array.from({ length: 5 }, () => ({ phases: { map: { start: 20, sync: 3000 } } })),
};
const L30: JobSpec = {
  ...job.SLOW_LOOKUP,
  checkpoints: Array.from({ length: 5 }, () => ({ phases: { map: { start: 14_000 }, sink: { start: 14_010 } } })),
};

describe('the first finding of labelled jobs', () => {
  const table: readonly (readonly [string, JobSpec, readonly string[]])[] = [
    ['L01 healthy', job.HEALTHY, []],
    ['L03 slow lookup', job.SLOW_LOOKUP, ['bp-external-wait map']],
    ['L04 computing on free cores', job.CPU_BOUND, ['bp-bottleneck agg']],
    ['L04 computing, no core left', job.CPU_SATURATED, ['bp-cpu-saturated-tm agg']],
    ['L05 hot key', job.HOT_KEY, ['skew-hot-key agg']],
    ['L06 key groups', job.KEY_GROUPS, ['skew-keygroup agg']],
    ['L07 too few keys', job.FEW_KEYS, ['skew-low-cardinality agg']],
    ['L11 five partitions, four readers', job.FIVE_PARTITIONS, ['skew-source-assignment src']],
    ['L12 heavy partition', job.HEAVY_PARTITION, ['skew-source-content src']],
    ['L12b dear records', job.DEAR_SUBTASK, ['skew-processing-cost agg']],
    ['L13 windowAll', job.WINDOW_ALL, ['bp-nonparallel-operator wall']],
    ['L18 all chained', job.CHAINED, ['bp-source-chained all']],
    ['L22 slow TaskManager', job.NOISY_TASKMANAGER, ['noisy-tm map']],
    ['L24 garbage', job.GC_PRESSURE, ['gc-pressure map']],
    ['L30 barrier behind the bottleneck', L30, ['bp-external-wait map']],
    ['L33 blocking snapshot', L33, ['ckpt-sync map']],
    ['L42 restart loop', L42, ['restart-loop job']],
    ['L44 TaskManager killed', L44, ['tm-lost tm-2']],
    ['L45 slots missing', L45, ['slots-unavailable job']],
    ['L54 too much input', job.TOO_SLOW, ['bp-external-wait agg']],
    ['L55 catching up', job.CATCHING_UP, []],
    ['Z01 over-provisioned', job.OVER_PROVISIONED, []],
    ['Z02 fan-out', job.FAN_OUT, ['bp-external-wait agg']],
    ['Z03 hidden second', job.HIDDEN_SECOND, ['bp-external-wait parse']],
    ['Z06 right-sized', job.RIGHT_SIZED, []],
  ];
  it.each(table)('%s', (_label, spec, causes) => {
    expect(roots(report(spec))).toEqual(causes);
  });

  it('symptoms point at a root that is there', () => {
    for (const spec of [job.SLOW_LOOKUP, job.HOT_KEY, job.GC_PRESSURE, L30, L42, L44]) {
      const { findings } = report(spec);
      for (const symptom of findings.filter(({ role }) => role === 'symptom')) {
        const causes = symptom.causedBy.map((id) => must(findings.find((finding) => finding.id === id)));
        expect(causes.length, symptom.rule).toBeGreaterThan(0);
      }
      expect(findings.some(({ role }) => role === 'root')).toBe(true);
    }
  });
});

describe('a wide job, whose calm vertices are read once a minute', () => {
  const CALM = { readEvery: 6 };
  const table: readonly (readonly [string, JobSpec, readonly string[]])[] = [
    ['L01 healthy', vary(job.HEALTHY, { vertices: { src: CALM, map: CALM, agg: CALM } }), []],
    ['L03 slow lookup', vary(job.SLOW_LOOKUP, { vertices: { sink: CALM } }), ['bp-external-wait map']],
    [
      'L03 with the source as rare as allowed',
      vary(job.SLOW_LOOKUP, { vertices: { src: { readEvery: 2 }, sink: CALM } }),
      ['bp-external-wait map'],
    ],
    ['L05 hot key', vary(job.HOT_KEY, { vertices: { src: { readEvery: 3 } } }), ['skew-hot-key agg']],
    ['L06 key groups', vary(job.KEY_GROUPS, { vertices: { src: CALM } }), ['skew-keygroup agg']],
    ['Z06 right-sized', vary(job.RIGHT_SIZED, { vertices: { src: CALM } }), []],
  ];
  it.each(table)('%s', (_claim, spec, expected) => {
    expect(roots(report(spec))).toEqual(expected);
  });

  it('is judged, not skipped', () => {
    const { notEvaluated } = report(vary(job.HEALTHY, { vertices: { src: CALM, map: CALM, agg: CALM } }));
    expect(notEvaluated.map(({ rule }) => rule)).toEqual(report(job.HEALTHY).notEvaluated.map(({ rule }) => rule));
  });
});

describe('the report', () => {
  it('scores and names the worst', () => {
    expect(report(job.HEALTHY)).toMatchObject({ health: 100, worst: 'info' });
    expect(report(job.SLOW_LOOKUP)).toMatchObject({ health: 80, worst: 'warning' });
    expect(report(job.HOT_KEY)).toMatchObject({ health: 60, worst: 'critical' });
  });

  it('is pending before 30 s of it, and pending is not the worst', () => {
    const early = live(historyOf(job.SLOW_LOOKUP), RULES, { beats: 3 }).last;
    expect(early.findings.map(({ state }) => state)).not.toContain('firing');
    expect(early.worst).toBe('ok');
  });

  it('takes advice from roots only, each change once', () => {
    const { recommendations } = report(job.GC_PRESSURE);
    expect(recommendations.map(({ kind }) => kind)).toEqual(['memory']);
    const changed = recommendations.flatMap(({ changes }) => changes.map(({ key }) => key));
    expect(new Set(changed).size).toBe(changed.length);
  });

  it('says what was clear and what was not evaluated, and why', () => {
    const { clear, notEvaluated } = report({ ...job.HEALTHY, checkpoints: [], checkpointing: 'none' });
    expect(clear).toContain('bp-bottleneck');
    expect(must(notEvaluated.find(({ rule }) => rule === 'ckpt-sync')).reason.en).toBe(
      'the job takes no checkpoints, or none was read yet',
    );
  });

  it('holds what it knew and calls itself unknown while the cluster cannot be read', () => {
    const history = historyOf(job.SLOW_LOOKUP);
    const { lives } = live(history, RULES);
    const nowMs = nowOf(history) + 600_000;
    const dark = analyzeJob({ ...history, reachable: false }, lives, nowMs, {
      rules: RULES,
      settings: {},
      disabled: [],
    });
    expect(dark.report.worst).toBe('unknown');
    expect(dark.report.findings.map(({ rule }) => rule)).toContain('bp-external-wait');
    expect(dark.lives).toBe(lives);
  });

  it('leaves out rules that are switched off', () => {
    const { findings, notEvaluated, clear } = live(historyOf(job.SLOW_LOOKUP), RULES, {
      disabled: ['bp-external-wait'],
    }).last;
    const named = [...findings.map(({ rule }) => rule), ...notEvaluated.map(({ rule }) => rule), ...clear];
    expect(named).not.toContain('bp-external-wait');
    expect(named).toHaveLength(RULES.length - 1);
  });

  it('survives a rule that crashes while it advises', () => {
    const broken = RULES.map((rule) =>
      rule.id === 'par-over'
        ? {
            ...rule,
            advise: () => {
              throw new Error('boom');
            },
          }
        : rule,
    );
    const { findings, recommendations } = live(historyOf(job.OVER_PROVISIONED), broken).last;
    expect(findings.map(({ rule }) => rule)).toContain('par-over');
    expect(recommendations.map(({ kind }) => kind)).toEqual(['memory']);
  });

  it('takes nothing away while something is wrong: the idle slot may be the one the cure needs', () => {
    const saving = (spec: JobSpec) =>
      live(historyOf(spec), RULES).last.recommendations.filter(({ cost }) => cost.slots < 0 || cost.memoryBytes < 0);
    expect(saving(job.OVER_PROVISIONED)).not.toEqual([]);
    expect(saving(job.SLOW_LOOKUP)).toEqual([]);
    expect(saving(job.CATCHING_UP)).toEqual([]);
  });

  it('follows the life of a fault: the finding ends when the readings do', () => {
    const mended = vary(job.SLOW_LOOKUP, {
      vertices: {
        src: {
          bp: (s) => (s < 150 ? 0.99 : 0),
          lag: (s) => Math.max(0, s < 150 ? 200 * s : 30_000 - 2000 * (s - 150)),
        },
        map: { busy: (s) => (s < 150 ? 1 : 0.3) },
      },
    });
    const states = live(historyOf(mended), RULES, { beats: 29 }).reports.map(
      ({ findings }) => findings.find(({ rule }) => rule === 'bp-external-wait')?.state ?? 'none',
    );
    expect([...new Set(states)]).toEqual(['none', 'pending', 'firing', 'resolved']);
  });
});
