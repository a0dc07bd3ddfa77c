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
/** What long checkpoints bring with them. */
const CHECKPOINT_TOLL = [
  'ckpt-interval-too-short',
  'ckpt-no-min-pause',
  'ckpt-timeout-config',
  'ckpt-duration-trend',
  'ckpt-unaligned-candidate',
] as const;
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
      ...CHECKPOINT_TOLL,
      'ckpt-straggler',
      'ckpt-tolerable-zero',
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
      ...CHECKPOINT_TOLL,
      'ckpt-straggler',
      'ckpt-tolerable-zero',
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
      ...CHECKPOINT_TOLL,
      'ckpt-straggler',
      'ckpt-tolerable-zero',
      ...LOAD_SYMPTOMS,
    ],
    near: 'same-component',
  },
  {
    causes: ['skew-hot-key', 'skew-keygroup', 'skew-data-hash'],
    effects: ['bp-external-wait', 'bp-cpu-saturated-tm', 'ckpt-straggler'],
    near: 'same-vertex',
  },
  // That the work sits in the source's own task says more than that it waits or computes there.
  { causes: ['bp-source-chained'], effects: ['bp-external-wait', 'bp-cpu-saturated-tm'], near: 'same-vertex' },
  { causes: BOTTLENECK_CAUSES, effects: ['bp-bottleneck'], near: 'same-vertex' },
  {
    causes: [...BOTTLENECK_CAUSES, 'bp-bottleneck'],
    // A backlog that shrinks is no effect of a bottleneck: it ends in spite of it.
    effects: [
      ...BARRIER_DELAYS,
      ...CHECKPOINT_TOLL,
      'ckpt-unaligned-bloat',
      'ckpt-straggler',
      'ckpt-failing',
      'ckpt-timeout',
      'src-lag-growing',
      'par-under',
    ],
    near: 'same-component',
  },
  {
    causes: ['src-catchup'],
    effects: [...BARRIER_DELAYS, ...CHECKPOINT_TOLL, 'ckpt-unaligned-bloat', 'par-under'],
    near: 'same-component',
  },
  {
    causes: ['ckpt-sync', 'ckpt-async'],
    effects: [...BARRIER_DELAYS, 'ckpt-timeout', 'ckpt-failing'],
    near: 'same-job',
  },
  { causes: [...BARRIER_DELAYS], effects: ['ckpt-timeout', 'ckpt-failing'], near: 'same-job' },
  { causes: ['ckpt-timeout'], effects: ['ckpt-failing', 'ckpt-timeout-config'], near: 'same-job' },
  // A whole copy of the state at each checkpoint is why the upload is long, not the storage.
  {
    causes: ['ckpt-full-rocksdb'],
    effects: ['ckpt-async', ...CHECKPOINT_TOLL, 'ckpt-timeout', 'ckpt-failing'],
    near: 'same-job',
  },
  { causes: ['ckpt-straggler'], effects: ['ckpt-sync', 'ckpt-async'], near: 'same-vertex' },
  { causes: ['ckpt-straggler'], effects: [...CHECKPOINT_TOLL, 'ckpt-timeout', 'ckpt-failing'], near: 'same-job' },
  { causes: SLOW_CHECKPOINTS, effects: CHECKPOINT_TOLL, near: 'same-job' },
  // The tolerance only makes a restart of checkpoints that fail for a reason of their own.
  { causes: ['ckpt-timeout', 'ckpt-failing'], effects: ['ckpt-tolerable-zero'], near: 'same-job' },
  // Another machine rests: where the slots are is why this one is full.
  {
    causes: ['slots-not-spread'],
    effects: ['bp-cpu-saturated-tm', 'bp-bottleneck', ...LOAD_SYMPTOMS],
    near: 'same-component',
  },
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
