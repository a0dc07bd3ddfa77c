import type { Finding } from '../engine/finding.js';
import type { JobFacts } from '../signals/job-facts.js';

/** How near cause and symptom must be for the one to explain the other. */
type Nearness = 'same-vertex' | 'same-component' | 'same-taskmanager' | 'same-job';

interface Explanation {
  readonly causes: readonly string[];
  readonly effects: readonly string[];
  readonly near: Nearness;
}

const BOTTLENECK_CAUSES = [
  'skew-hot-key',
  'skew-keygroup',
  'skew-data-hash',
  'bp-nonparallel-operator',
  'bp-cpu-saturated-tm',
  'bp-external-wait',
  'bp-source-chained',
] as const;
const BARRIER_DELAYS = ['ckpt-start-delay', 'ckpt-alignment'] as const;
const SLOW_CHECKPOINTS = ['ckpt-sync', 'ckpt-async', ...BARRIER_DELAYS] as const;
const LOAD_SYMPTOMS = ['src-lag-growing', 'src-catchup', 'par-under'] as const;

/** Root-cause suppression of diagnosis §1.5: who explains whom. A row never points from an effect back to a cause. */
const EXPLANATIONS: readonly Explanation[] = [
  {
    causes: ['tm-lost'],
    effects: [
      'restart-loop',
      'exception-group',
      'slots-unavailable',
      'job-not-running',
      'ckpt-failing',
      'ckpt-timeout',
      'bp-bottleneck',
      ...SLOW_CHECKPOINTS,
      ...LOAD_SYMPTOMS,
    ],
    near: 'same-job',
  },
  {
    causes: ['slots-unavailable'],
    effects: ['exception-group', 'job-not-running', 'src-lag-growing'],
    near: 'same-job',
  },
  {
    causes: ['restart-loop'],
    effects: [
      'exception-group',
      'job-not-running',
      'ckpt-failing',
      'ckpt-timeout',
      'bp-bottleneck',
      ...BOTTLENECK_CAUSES,
      ...SLOW_CHECKPOINTS,
      ...LOAD_SYMPTOMS,
    ],
    near: 'same-job',
  },
  { causes: ['exception-group'], effects: ['job-not-running', 'src-catchup'], near: 'same-job' },
  { causes: ['gc-pressure'], effects: ['gc-live-set-high', 'bp-cpu-saturated-tm'], near: 'same-taskmanager' },
  {
    causes: ['gc-pressure'],
    effects: [
      'bp-bottleneck',
      'bp-external-wait',
      'bp-source-chained',
      'ckpt-failing',
      'ckpt-timeout',
      ...SLOW_CHECKPOINTS,
      ...LOAD_SYMPTOMS,
    ],
    near: 'same-component',
  },
  {
    causes: ['skew-hot-key', 'skew-keygroup', 'skew-data-hash'],
    effects: ['bp-external-wait', 'bp-cpu-saturated-tm'],
    near: 'same-vertex',
  },
  // That the work sits in the source's own task says more than that it waits or computes there.
  { causes: ['bp-source-chained'], effects: ['bp-external-wait', 'bp-cpu-saturated-tm'], near: 'same-vertex' },
  { causes: BOTTLENECK_CAUSES, effects: ['bp-bottleneck'], near: 'same-vertex' },
  {
    causes: [...BOTTLENECK_CAUSES, 'bp-bottleneck'],
    // A backlog that shrinks is no effect of a bottleneck: it ends in spite of it.
    effects: [...BARRIER_DELAYS, 'ckpt-failing', 'ckpt-timeout', 'src-lag-growing', 'par-under'],
    near: 'same-component',
  },
  { causes: ['src-catchup'], effects: [...BARRIER_DELAYS, 'par-under'], near: 'same-component' },
  {
    causes: ['ckpt-sync', 'ckpt-async'],
    effects: [...BARRIER_DELAYS, 'ckpt-timeout', 'ckpt-failing'],
    near: 'same-job',
  },
  { causes: [...BARRIER_DELAYS], effects: ['ckpt-timeout', 'ckpt-failing'], near: 'same-job' },
  { causes: ['ckpt-timeout'], effects: ['ckpt-failing'], near: 'same-job' },
  // Event time waits for the slowest reader: one without a partition is as silent as one whose partition is.
  { causes: ['src-partitions-lt-parallelism'], effects: ['wm-idle-partition'], near: 'same-vertex' },
  { causes: ['wm-idle-partition'], effects: ['wm-stuck', 'wm-never'], near: 'same-component' },
  // After one time in the future nothing moves event time for long, and what has the right time is late.
  { causes: ['wm-future'], effects: ['wm-stuck', 'wm-late-drops'], near: 'same-component' },
  { causes: ['src-fetch-bound', 'wm-alignment-stall'], effects: ['src-lag-growing'], near: 'same-vertex' },
];

/** Whether finding `cause` explains finding `effect`. */
export function explains(cause: Finding, effect: Finding, job: JobFacts): boolean {
  if (cause === effect || cause.basis === 'configuration' || effect.basis === 'configuration') return false;
  return EXPLANATIONS.some(
    ({ causes, effects, near }) =>
      causes.includes(cause.rule) && effects.includes(effect.rule) && isNear(cause, effect, near, job),
  );
}

function isNear(cause: Finding, effect: Finding, near: Nearness, job: JobFacts): boolean {
  const from = cause.subject.vertexId;
  const to = effect.subject.vertexId;
  switch (near) {
    case 'same-job':
      return true;
    case 'same-vertex':
      return from !== undefined && from === to;
    case 'same-taskmanager':
      return cause.subject.taskManagerId !== undefined && cause.subject.taskManagerId === effect.subject.taskManagerId;
    case 'same-component':
      // A finding about the whole job or a TaskManager touches every part of it.
      return from === undefined || to === undefined || job.topology.componentOf(from).has(to);
  }
}
