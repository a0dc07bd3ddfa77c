import { describe, expect, it } from 'vitest';
import { RULES } from './index.js';
import type { Finding, Subject } from '../analyzer/engine/finding.js';
import { signalsOf } from '../analyzer/signals/signals.js';
import { historyOf, nowOf } from '../analyzer/testing/job-builder.js';
import { SLOW_LOOKUP } from '../analyzer/testing/scenarios.js';
import { text } from '../analyzer/text.js';
import { explains } from '../analyzer/graph/explains.js';

const history = historyOf({
  vertices: {
    ...SLOW_LOOKUP.vertices,
    other: { parallelism: 2, busy: 0.1, out: 10 },
    next: { parallelism: 2, inputs: { other: 'FORWARD' }, busy: 0.1, in: 10 },
    end: { parallelism: 2, inputs: { other: 'HASH' }, busy: 0.1, in: 10 },
  },
});
const { job } = signalsOf(history, nowOf(history));
const finding = (rule: string, subject: Subject = { kind: 'vertex', vertexId: 'map' }): Finding => ({
  rule,
  category: 'test',
  severity: 'warning',
  confidence: 1,
  basis: 'measured',
  subject,
  title: text('t', 't'),
  summary: text('s', 's'),
  evidence: [],
  wouldChange: [],
  notSeen: [],
});
const on = (vertexId: string): Subject => ({ kind: 'vertex', vertexId });
const JOB: Subject = { kind: 'job' };

describe('explains', () => {
  const table: readonly (readonly [string, Finding, Finding, boolean])[] = [
    ['a wait explains the bottleneck it is in', finding('bp-external-wait'), finding('bp-bottleneck'), true],
    ['but not one at another vertex', finding('bp-external-wait'), finding('bp-bottleneck', on('sink')), false],
    [
      'a bottleneck explains the lag of its component',
      finding('bp-bottleneck'),
      finding('src-lag-growing', on('src')),
      true,
    ],
    ['but not that of another', finding('bp-bottleneck'), finding('src-lag-growing', on('other')), false],
    ['skew explains the wait of its vertex', finding('skew-hot-key'), finding('bp-external-wait'), true],
    [
      'a heavy partition explains a bottleneck behind a FORWARD edge',
      finding('skew-source-content', on('other')),
      finding('bp-bottleneck', on('next')),
      true,
    ],
    [
      'but not behind an exchange',
      finding('skew-source-content', on('other')),
      finding('bp-bottleneck', on('end')),
      false,
    ],
    [
      'a chained source and the wait in it are one matter (L18)',
      finding('bp-source-chained', on('src')),
      finding('bp-external-wait', on('src')),
      true,
    ],
    [
      'a bottleneck explains a barrier’s delay below it',
      finding('bp-bottleneck'),
      finding('ckpt-alignment', on('sink')),
      true,
    ],
    ['a barrier’s delay explains checkpoints that expire', finding('ckpt-start-delay'), finding('ckpt-timeout'), true],
    ['which explains that they fail', finding('ckpt-timeout'), finding('ckpt-failing', JOB), true],
    [
      'garbage collection explains a full heap of the same TaskManager',
      finding('gc-pressure', { kind: 'taskmanager', taskManagerId: 'a' }),
      finding('gc-live-set-high', { kind: 'taskmanager', taskManagerId: 'a' }),
      true,
    ],
    [
      'but not of another',
      finding('gc-pressure', { kind: 'taskmanager', taskManagerId: 'a' }),
      finding('gc-live-set-high', { kind: 'taskmanager', taskManagerId: 'b' }),
      false,
    ],
    [
      'a lost TaskManager explains restarts, wherever',
      finding('tm-lost', { kind: 'taskmanager', taskManagerId: 'a' }),
      finding('restart-loop', JOB),
      true,
    ],
    [
      'missing slots explain why the job does not run',
      finding('slots-unavailable', JOB),
      finding('job-not-running', JOB),
      true,
    ],
    ['a restart loop explains what the last start shows', finding('restart-loop', JOB), finding('bp-bottleneck'), true],
    ['a symptom explains no cause', finding('bp-bottleneck'), finding('bp-external-wait'), false],
    [
      'a slow TaskManager explains the bottleneck on it',
      finding('noisy-tm', { kind: 'taskmanager', taskManagerId: 'a', vertexId: 'map' }),
      finding('bp-bottleneck', on('sink')),
      true,
    ],
    [
      'but not that of another part of the job',
      finding('noisy-tm', { kind: 'taskmanager', taskManagerId: 'a', vertexId: 'map' }),
      finding('bp-bottleneck', on('end')),
      false,
    ],
    ['a bottleneck is why a source falls behind', finding('bp-bottleneck'), finding('src-lag-growing'), true],
    ['not why a backlog shrinks', finding('bp-bottleneck'), finding('src-catchup'), false],
    [
      'a silent reader explains event time that stands behind it',
      finding('wm-idle-partition', on('src')),
      finding('wm-stuck', on('sink')),
      true,
    ],
    [
      'but not that of another part of the job',
      finding('wm-idle-partition', on('src')),
      finding('wm-stuck', on('end')),
      false,
    ],
    [
      'readers without a partition are the silent ones of their source',
      finding('src-partitions-lt-parallelism', on('src')),
      finding('wm-idle-partition', on('src')),
      true,
    ],
    ['event time that stands explains no silence', finding('wm-stuck'), finding('wm-idle-partition'), false],
    [
      'a fetch that is too slow is why its source falls behind',
      finding('src-fetch-bound', on('src')),
      finding('src-lag-growing', on('src')),
      true,
    ],
    ['too many subtasks have nothing to do with it', finding('bp-bottleneck'), finding('par-over'), false],
  ];
  it.each(table)('%s', (_claim, cause, effect, holds) => {
    expect(explains(cause, effect, job)).toBe(holds);
  });

  it('nothing explains itself', () => {
    for (const { id } of RULES) {
      const one = finding(id);
      expect(explains(one, one, job)).toBe(false);
    }
  });

  it('configuration neither explains nor is explained', () => {
    const configured: Finding = { ...finding('gc-pressure'), basis: 'configuration' };
    expect(explains(configured, finding('bp-bottleneck'), job)).toBe(false);
    expect(explains(finding('tm-lost'), { ...finding('restart-loop'), basis: 'configuration' }, job)).toBe(false);
  });

  it('has no cycle: from no finding does a chain of causes lead back to it', () => {
    // The widest nearness: every finding about the same vertex and TaskManager.
    const all = RULES.map(({ id }) => finding(id, { kind: 'vertex', vertexId: 'map', taskManagerId: 'a' }));
    const effectsOf = (cause: Finding): Finding[] => all.filter((effect) => explains(cause, effect, job));
    for (const start of all) {
      const seen = new Set<Finding>();
      const open = effectsOf(start);
      for (let next = open.pop(); next !== undefined; next = open.pop()) {
        expect(next.rule, `a chain from ${start.rule} leads back to it`).not.toBe(start.rule);
        if (seen.has(next)) continue;
        seen.add(next);
        open.push(...effectsOf(next));
      }
    }
  });
});

describe('a failure that names its cause', () => {
  const about = (one: Finding, failure: string): Finding => ({ ...one, failure });
  const heap = about(finding('mem-heap-oom', JOB), 'mem-heap-oom');
  const table: readonly (readonly [string, Finding, Finding, boolean])[] = [
    ['explains the loop of the same failure', heap, about(finding('restart-loop', JOB), 'mem-heap-oom'), true],
    ['but not a loop of another', heap, about(finding('restart-loop', JOB), 'a.B | x | '), false],
    ['explains that the job is down', heap, finding('job-not-running', JOB), true],
    ['but not once it recovered', { ...heap, severity: 'info' }, finding('ckpt-failing', JOB), false],
    [
      'a killed container is the lost TaskManager',
      finding('mem-container-oomkilled', JOB),
      finding('tm-lost', JOB),
      true,
    ],
    ['a loop explains no named cause', finding('restart-loop', JOB), heap, false],
  ];
  it.each(table)('%s', (_claim, cause, effect, holds) => {
    expect(explains(cause, effect, job)).toBe(holds);
  });
});
