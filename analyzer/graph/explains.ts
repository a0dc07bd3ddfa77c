import type { Finding } from '../engine/finding.js';
import type { JobFacts } from '../signals/job-facts.js';

/** How near cause and symptom must be for the one to explain the other. */
type Nearness = 'same-vertex' | 'forward' | 'same-component' | 'same-taskmanager' | 'same-job' | 'same-failure';

interface Explanation {
  readonly causes: readonly string[];
  readonly effects: readonly string[];
  readonly near: Nearness;
  /** Only a cause that is a warning at least: what recovered at once explains nothing that goes on. */
  readonly isGrave?: boolean;
}

const KEY_SKEW = ['skew-hot-key', 'skew-keygroup', 'skew-data-hash', 'skew-low-cardinality'] as const;
/** A partitioner's own choice is as much a skew of keys as theirs. */
const CUSTOM_SKEW = 'skew-custom-partitioner';
const SOURCE_SKEW = ['skew-source-content', 'skew-source-assignment'] as const;
const BOTTLENECK_CAUSES = [
  ...KEY_SKEW,
  CUSTOM_SKEW,
  ...SOURCE_SKEW,
  'skew-processing-cost',
  'bp-nonparallel-operator',
  'bp-cpu-saturated-tm',
  'bp-external-wait',
  'bp-source-chained',
  'async-capacity',
] as const;
/** Why a vertex with state in RocksDB waits inside its own task. */
const ROCKSDB = ['rocksdb-write-stall', 'rocksdb-cache-miss'] as const;
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

/** Causes that a failure names in words (`signals/failure-causes.ts`). */
const NAMED_FAILURES = [
  'mem-heap-oom',
  'mem-metaspace',
  'mem-direct-oom',
  'mem-container-oomkilled',
  'net-insufficient-buffers',
  'net-conn-lost',
  'disk-full',
  'restore-incompatible',
  'ckpt-kafka-txn-timeout',
  'ckpt-metadata-heavy',
  'fd-or-thread-leak',
] as const;
/** What restarts and missing tasks leave behind, however they came about. */
const AFTERMATH = ['job-not-running', 'ckpt-failing', 'ckpt-timeout', 'src-lag-growing', 'src-catchup'] as const;

/** Root-cause suppression of diagnosis §1.5: who explains whom. A row never points from an effect back to a cause. */
const EXPLANATIONS: readonly Explanation[] = [
  // The count of falls says least: a cause, a loop or a machine says more.
  { causes: ['tm-flapping'], effects: ['tm-lost', 'restarts-elevated'], near: 'same-job' },
  {
    causes: ['tm-lost', 'restart-loop', ...NAMED_FAILURES],
    effects: ['restarts-elevated'],
    near: 'same-job',
    isGrave: true,
  },
  // With the process that leads it everything of a job starts anew.
  {
    causes: ['jm-restarted'],
    effects: ['restarts-elevated', 'job-not-running', 'src-catchup', 'src-lag-growing'],
    near: 'same-job',
  },
  // What has expired says more than the failure it makes.
  { causes: ['credentials-expiry'], effects: ['exception-group', 'restart-loop'], near: 'same-failure' },
  // The words of the failure say more than that it comes again.
  { causes: NAMED_FAILURES, effects: ['restart-loop', 'exception-group'], near: 'same-failure' },
  // Where no failed checkpoint is tolerated, the failure of the job is that of the checkpoint.
  { causes: ['ckpt-failing'], effects: ['exception-group'], near: 'same-failure' },
  { causes: NAMED_FAILURES, effects: AFTERMATH, near: 'same-job', isGrave: true },
  // The failure says that they are too few; that they are few is no second matter.
  { causes: ['net-insufficient-buffers'], effects: ['net-mem-undersized'], near: 'same-job' },
  // A container that was killed is the TaskManager that was lost; one that ran out of memory dies of it where told to.
  { causes: ['mem-container-oomkilled'], effects: ['tm-lost', 'slots-unavailable'], near: 'same-job' },
  {
    causes: ['mem-heap-oom', 'mem-metaspace', 'mem-direct-oom', 'disk-full', 'fd-or-thread-leak'],
    effects: ['tm-lost'],
    near: 'same-taskmanager',
  },
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
      'noisy-tm',
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
  {
    causes: ['gc-leak'],
    effects: ['mem-heap-oom', 'tm-lost', 'gc-pressure', 'gc-live-set-high', 'gc-full', 'gc-long-pause'],
    near: 'same-taskmanager',
  },
  {
    causes: ['gc-pressure'],
    effects: ['gc-live-set-high', 'gc-full', 'gc-long-pause', 'bp-cpu-saturated-tm'],
    near: 'same-taskmanager',
  },
  { causes: ['gc-live-set-high'], effects: ['gc-full', 'gc-long-pause'], near: 'same-taskmanager' },
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
    causes: [...KEY_SKEW, CUSTOM_SKEW, 'skew-processing-cost'],
    effects: ['bp-external-wait', 'bp-cpu-saturated-tm', 'ckpt-straggler'],
    near: 'same-vertex',
  },
  // Behind a FORWARD edge a subtask works on what its reader reads, and nobody else can.
  {
    causes: SOURCE_SKEW,
    effects: ['bp-bottleneck', 'bp-external-wait', 'bp-cpu-saturated-tm', 'bp-source-chained', 'ckpt-straggler'],
    near: 'forward',
  },
  // Where the records go, the state grows; and the largest state takes longest to write.
  { causes: ['skew-hot-key', 'skew-keygroup', 'skew-data-hash'], effects: ['skew-state'], near: 'same-vertex' },
  { causes: ['skew-state'], effects: ['ckpt-straggler', 'ckpt-sync', 'ckpt-async'], near: 'same-vertex' },
  // That the work sits in the source's own task says more than that it waits or computes there.
  { causes: ['bp-source-chained'], effects: ['bp-external-wait', 'bp-cpu-saturated-tm'], near: 'same-vertex' },
  // What it waits for are its own calls, and their number is an argument: nothing about where the vertex sits.
  { causes: ['async-capacity'], effects: ['bp-external-wait', 'bp-source-chained'], near: 'same-vertex' },
  // Debt and full buffers are what stalls come of; both look like waiting from outside.
  {
    causes: ['rocksdb-compaction-debt', 'rocksdb-flush-pressure'],
    effects: ROCKSDB,
    near: 'same-vertex',
  },
  // A stall of one subtask's disk is why its records are dear.
  {
    causes: ROCKSDB,
    effects: ['skew-processing-cost', 'bp-external-wait', 'bp-source-chained', 'bp-bottleneck'],
    near: 'same-vertex',
  },
  // Little memory makes small write buffers and a small cache: the stalls and misses are what is seen of it.
  { causes: ['mem-managed-small'], effects: ['rocksdb-flush-pressure', ...ROCKSDB], near: 'same-job', isGrave: true },
  {
    causes: ROCKSDB,
    effects: [...BARRIER_DELAYS, 'ckpt-failing', 'ckpt-timeout', 'src-lag-growing', 'par-under'],
    near: 'same-component',
  },
  // A machine that is slow for all of them is no matter of one vertex.
  {
    causes: ['noisy-tm'],
    effects: ['bp-bottleneck', 'bp-external-wait', 'bp-source-chained', 'ckpt-sync', 'ckpt-async'],
    near: 'same-component',
  },
  { causes: ['noisy-tm'], effects: ['gc-long-pause'], near: 'same-taskmanager' },
  { causes: BOTTLENECK_CAUSES, effects: ['bp-bottleneck'], near: 'same-vertex' },
  {
    causes: [...BOTTLENECK_CAUSES, 'noisy-tm', 'bp-bottleneck'],
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
  // A barrier that comes while a window fires waits until it is done; a snapshot or a collection that stops the task looks like one.
  { causes: ['bp-bursty-window'], effects: [...BARRIER_DELAYS, ...CHECKPOINT_TOLL], near: 'same-component' },
  { causes: ['ckpt-sync'], effects: ['bp-bursty-window'], near: 'same-vertex' },
  { causes: ['gc-pressure', 'gc-full', 'gc-long-pause'], effects: ['bp-bursty-window'], near: 'same-component' },
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
  // Event time waits for the slowest reader: one without a partition is as silent as one whose partition is.
  { causes: ['src-partitions-lt-parallelism'], effects: ['wm-idle-partition'], near: 'same-vertex' },
  { causes: ['wm-idle-partition'], effects: ['wm-stuck', 'wm-never'], near: 'same-component' },
  // A silent source that others wait for is more than an idle one.
  { causes: ['wm-idle-partition'], effects: ['src-idle'], near: 'same-vertex' },
  // After one time in the future nothing moves event time for long, and what has the right time is late.
  { causes: ['wm-future'], effects: ['wm-stuck', 'wm-late-drops'], near: 'same-component' },
  { causes: ['src-fetch-bound', 'wm-alignment-stall'], effects: ['src-lag-growing'], near: 'same-vertex' },
  // Times in the wrong unit are one matter: that of the distance says more than that of the figures.
  { causes: ['wm-lag'], effects: ['wm-future'], near: 'same-vertex' },
  // One reader in the future is apart from all others; what falls behind is behind in event time too.
  { causes: ['wm-future'], effects: ['wm-skew'], near: 'same-component' },
  {
    causes: [...BOTTLENECK_CAUSES, 'bp-bottleneck', 'src-lag-growing', 'src-catchup'],
    effects: ['wm-skew', 'wm-lag'],
    near: 'same-component',
  },
  // Windows that cannot end hold their records (CALIBRATION §6.12: L10, L50 and L51 grow for no other reason).
  {
    causes: ['wm-skew', 'wm-idle-partition', 'wm-stuck', 'wm-never'],
    effects: ['state-growth', 'ckpt-size-growth'],
    near: 'same-component',
  },
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
  // Attempts that Flink declines because tasks have finished count as failed, for as long as the rest runs.
  { causes: ['ckpt-declined-finished'], effects: ['ckpt-failing'], near: 'same-job' },
  // The tolerance only makes a restart of checkpoints that fail for a reason of their own.
  { causes: ['ckpt-timeout', 'ckpt-failing'], effects: ['ckpt-tolerable-zero'], near: 'same-job' },
  // Another machine rests: where the slots or tasks are is why this one is full.
  {
    causes: ['slots-not-spread', 'skew-slot-placement'],
    effects: ['bp-cpu-saturated-tm', 'bp-bottleneck', ...LOAD_SYMPTOMS],
    near: 'same-component',
  },
];

/** Whether finding `cause` explains finding `effect`. */
export function explains(cause: Finding, effect: Finding, job: JobFacts): boolean {
  if (cause === effect || cause.basis === 'configuration' || effect.basis === 'configuration') return false;
  return explanationsBy(cause.rule).some(
    ({ effects, near, isGrave = false }) =>
      effects.includes(effect.rule) && !(isGrave && cause.severity === 'info') && isNear(cause, effect, near, job),
  );
}

/** Every finding is held against every other in every beat: only what its rule can cause is gone through. */
const byCause = new Map<string, readonly Explanation[]>();

function explanationsBy(cause: string): readonly Explanation[] {
  const known = byCause.get(cause) ?? EXPLANATIONS.filter(({ causes }) => causes.includes(cause));
  byCause.set(cause, known);
  return known;
}

function isNear(cause: Finding, effect: Finding, near: Nearness, job: JobFacts): boolean {
  const from = cause.subject.vertexId;
  const to = effect.subject.vertexId;
  switch (near) {
    case 'same-job':
      return true;
    case 'same-vertex':
      return from !== undefined && from === to;
    case 'forward':
      return from !== undefined && to !== undefined && (from === to || job.topology.forwardFrom(from).has(to));
    case 'same-failure':
      return cause.failure !== undefined && cause.failure === effect.failure;
    case 'same-taskmanager':
      return cause.subject.taskManagerId !== undefined && cause.subject.taskManagerId === effect.subject.taskManagerId;
    case 'same-component':
      // A finding about the whole job or a TaskManager touches every part of it.
      return from === undefined || to === undefined || job.topology.componentOf(from).has(to);
  }
}
