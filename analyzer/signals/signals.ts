import type { JobHistory } from '../../collector/model/index.js';
import { explain, type ExplainedBottleneck } from '../graph/cause.js';
import { workingOff } from '../graph/demand.js';
import { bySent } from '../graph/sent-skew.js';
import { localise } from '../graph/localise.js';
import { text, type Text } from '../text.js';
import { checkpointsOf, type CheckpointSignal } from './checkpoints.js';
import { costSkewOf, type CostSkew } from './cost-skew.js';
import { eventTimeStallsOf, type EventTimeStall } from './event-time.js';
import { exceptionsOf, type ExceptionSignal } from './exceptions.js';
import { hostOf, type HostSignal } from './host.js';
import { jobFacts, type JobFacts } from './job-facts.js';
import { lagOf, type LagSignal } from './lag.js';
import { loadOf, type LoadSignal } from './load.js';
import { peakLoadOf, type PeakLoadSignal } from './peak-load.js';
import { restartsOf, type RestartSignal } from './restarts.js';
import { skewOf, type VertexSkew } from './skew.js';
import { sourceSkewOf, type SourceSkew } from './source-skew.js';
import { slotsOf, type SlotSignal } from './slots.js';
import { runningHere, taskManagersOf, type TaskManagerLoad } from './task-managers.js';
import { isWatermarkTold, watermarksOf, type WatermarkSignal } from './watermarks.js';

/** Everything rules may ask for. Each is derived once per job and beat, and shared. */
export interface Signals {
  /** What each subtask did over the last minute. */
  readonly load: LoadSignal;
  /** The busiest minute of each vertex in as much of the attempt as is kept: for verdicts about size. */
  readonly peakLoad: PeakLoadSignal;
  readonly skew: readonly VertexSkew[];
  /** How evenly what arrives at a source falls on its readers. */
  readonly sourceSkew: readonly SourceSkew[];
  /** What a record costs, where that differs between subtasks that do the same. */
  readonly costSkew: CostSkew;
  readonly bottlenecks: readonly ExplainedBottleneck[];
  readonly lag: LagSignal;
  readonly checkpoints: CheckpointSignal;
  readonly taskManagers: readonly TaskManagerLoad[];
  /** Those that run tasks of the job; all where that is not known. None where none is known. */
  readonly ownTaskManagers: readonly TaskManagerLoad[];
  readonly host: HostSignal;
  readonly exceptions: ExceptionSignal;
  readonly restarts: RestartSignal;
  readonly slots: SlotSignal;
  /** Event time by vertex and subtask, and for how long it stands. */
  readonly watermarks: WatermarkSignal;
  /** Where it stands while records flow, why, and who waits. */
  readonly eventTimeStalls: readonly EventTimeStall[];
  readonly configuration: Readonly<Record<string, string>>;
  readonly history: JobHistory;
}
export type SignalName = keyof Signals;

/** A signal, or why it cannot be known. */
export type Derived<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: Text };

export interface SignalSet {
  readonly job: JobFacts;
  readonly nowMs: number;
  get<N extends SignalName>(name: N): Derived<Signals[N]>;
}

/** Derives signals lazily; each at most once. */
export function signalsOf(history: JobHistory, nowMs: number): SignalSet {
  const job = jobFacts(history);
  const kept = new Map<SignalName, Derived<unknown>>();
  const derive: { [N in SignalName]: () => Derived<Signals[N]> } = {
    load: () => loadSignal(loadOf(history, nowMs), history, job),
    peakLoad: () => map(get('load'), () => peakLoadOf(history, nowMs)),
    skew: () => map(get('load'), (load) => skewOf(history, job.topology).map((one) => bySent(one, job.topology, load))),
    sourceSkew: () => map(get('load'), (load) => sourceSkewOf(history, job.topology, load)),
    costSkew: () => map(get('load'), () => costSkewOf(history, job.topology)),
    bottlenecks: () => bottleneckSignal(),
    lag: () => map(get('load'), (load) => lagOf(history, job.topology, load, nowMs)),
    checkpoints: () =>
      history.checkpointConfig === undefined && history.checkpoints.length === 0
        ? missing(missingEndpoint(history, '/jobs/:jobid/checkpoints') ?? NO_CHECKPOINTS)
        : known(checkpointsOf(history, job)),
    taskManagers: () =>
      history.taskManagers.length === 0
        ? missing(missingEndpoint(history, '/taskmanagers') ?? NO_TASKMANAGERS)
        : known(taskManagersOf(history, valueOr(get('load'), EMPTY_LOAD), nowMs)),
    ownTaskManagers: () => {
      const all = valueOr(get('taskManagers'), []);
      return known(get('load').ok ? runningHere(all) : all.filter(({ gone }) => !gone));
    },
    host: () => known(hostSignal()),
    exceptions: () => {
      const reason = missingEndpoint(history, '/jobs/:jobid/exceptions');
      return reason !== undefined && history.exceptions.length === 0 ? missing(reason) : known(exceptionsOf(history));
    },
    restarts: () => {
      const restarts = restartsOf(history, nowMs);
      return restarts === undefined
        ? missing(missingEndpoint(history, '/jobs/:jobid/metrics') ?? NO_RESTARTS)
        : known(restarts);
    },
    slots: () => known(slotsOf(history, job)),
    configuration: () =>
      Object.keys(history.configuration).length === 0
        ? missing(missingEndpoint(history, '/jobmanager/config') ?? NO_CONFIGURATION)
        : known(history.configuration),
    watermarks: () => {
      const watermarks = watermarksOf(history);
      return isWatermarkTold(watermarks)
        ? known(watermarks)
        : missing(missingEndpoint(history, METRICS) ?? NO_WATERMARK);
    },
    eventTimeStalls: () => {
      const unread = missingEndpoint(history, METRICS);
      return unread !== undefined
        ? missing(unread)
        : map(get('load'), (load) => eventTimeStallsOf(history, job, watermarksOf(history), load));
    },
    history: () => known(history),
  };
  function get<N extends SignalName>(name: N): Derived<Signals[N]> {
    const before = kept.get(name);
    // The map is filled only below, under the same name: the type of the name is the type of the value.
    if (before !== undefined) return before as Derived<Signals[N]>;
    const value = derive[name]();
    kept.set(name, value);
    return value;
  }
  function hostSignal(): HostSignal {
    const checkpoints = valueOr(get('checkpoints'), { anatomies: [], ended: [], completed: [] });
    return hostOf(job, checkpoints, valueOr(get('taskManagers'), []));
  }
  function bottleneckSignal(): Derived<readonly ExplainedBottleneck[]> {
    return map(get('load'), (load) => {
      const skew = valueOr(get('skew'), []);
      const lag = get('lag');
      const inputs = {
        job,
        load,
        skew,
        taskManagers: valueOr(get('taskManagers'), []),
        host: hostSignal(),
        workingOff: lag.ok ? workingOff(job.topology, load, lag.value) : new Set<string>(),
      };
      return localise(job.topology, load).map((bottleneck) => explain(bottleneck, inputs));
    });
  }
  return { job, nowMs, get };
}

const EMPTY_LOAD: LoadSignal = new Map();
const NO_CHECKPOINTS = text('the job takes no checkpoints, or none was read yet', '作业没有检查点，或尚未读取到');
const NO_TASKMANAGERS = text('no TaskManager was read yet', '尚未读取到 TaskManager');
const NO_RESTARTS = text('numRestarts was not read yet', '尚未读取到 numRestarts');
const NO_CONFIGURATION = text('the configuration was not read yet', '尚未读取到配置');
const METRICS = '/jobs/:jobid/vertices/:vertexid/metrics';
const NO_WATERMARK = text(
  'the job has no event time: no task tells a watermark',
  '作业没有事件时间：没有任务报告水位线',
);
const NOT_RUNNING = text('not all tasks are running', '并非所有任务都在运行');
const WARMING_UP = text(
  'too few settled readings yet: a verdict on load needs about a minute of running tasks',
  '稳定的读数还不够：判断负载需要任务运行约一分钟',
);

function known<T>(value: T): Derived<T> {
  return { ok: true, value };
}

function missing(reason: Text): { readonly ok: false; readonly reason: Text } {
  return { ok: false, reason };
}

function map<T, U>(from: Derived<T>, then: (value: T) => U): Derived<U> {
  return from.ok ? known(then(from.value)) : from;
}

function valueOr<T>(from: Derived<T>, otherwise: T): T {
  return from.ok ? from.value : otherwise;
}

function loadSignal(load: LoadSignal, history: JobHistory, job: JobFacts): Derived<LoadSignal> {
  if (load.size > 0 && load.size === running(history)) return known(load);
  return missing(
    missingEndpoint(history, '/jobs/:jobid/vertices') ??
      (job.allRunningSinceMs === undefined ? NOT_RUNNING : WARMING_UP),
  );
}

/** Vertices with running tasks. */
function running({ vertices }: JobHistory): number {
  return vertices.reduce((count, { tasks }) => ((tasks.RUNNING ?? 0) > 0 ? count + 1 : count), 0);
}

function missingEndpoint(history: JobHistory, endpoint: string): Text | undefined {
  const found = history.missing.find((candidate) => candidate.endpoint.startsWith(endpoint));
  return found === undefined
    ? undefined
    : text(
        `${found.endpoint} could not be read: ${found.failure.message}`,
        `无法读取 ${found.endpoint}：${found.failure.message}`,
      );
}
