/** The words in which the scenario table describes a job; Graph.java reads them. */
export interface GraphNode {
  name: string;
  kind: 'source' | 'legacy' | 'map' | 'agg' | 'join' | 'wall' | 'window' | 'async' | 'sink';
  /** `src:rebalance`, `src:hash`, `src:forward`. */
  inputs: readonly string[];
  settings: Settings;
}

/** Per record, per subtask, per checkpoint; README.md lists what each kind understands. */
export interface Settings {
  p: number;
  /** `off` makes the operator a vertex of its own. */
  chain?: 'off';
  /** source: partitions, records per second and partition (-1: endless, or a list), records there at the start. */
  splits?: number;
  rate?: number | string;
  backlog?: number;
  /** source: records of a partition, after which it ends. */
  records?: number;
  /** source: what the broker hands out at most, per second and partition. */
  fetch?: number;
  /** source: `uniform:N`, `zipf:EXPONENT:N`, `hot:SHARE:N`; key 0 is the most frequent. */
  keys?: string;
  payload?: number;
  watermarks?: 'on';
  /** source: event time behind the clock, a share of the records later than that, how late records may be, seconds for milliseconds. */
  behindS?: number;
  lateShare?: number;
  lateByS?: number;
  boundS?: number;
  timeUnit?: 's';
  silentSplit?: number;
  silentAfterS?: number;
  /** Waiting, computing. */
  parkUs?: number;
  burnUs?: number;
  /** Waiting for a backend that serves one request at a time, whoever of the process asks. */
  turnUs?: number;
  /** Waits that long instead, from and until so many seconds after its first record: a fault in a job that runs. */
  faultParkUs?: number;
  faultFromS?: number;
  faultUntilS?: number;
  /** One subtask pays this many times the price. */
  dearSubtask?: number;
  dearFactor?: number;
  /** Garbage per record, how much of it stays reachable, a live set, a leak per record. */
  allocKb?: number;
  ringMb?: number;
  liveMb?: number;
  leakBytes?: number;
  /** Outside of the heap, per record. */
  directKb?: number;
  /** One subtask throws that long after each start; with `failOnce` only the first time. */
  failEveryS?: number;
  failSubtask?: number;
  failOnce?: 'on';
  /** sink: share of the sends that fail and are tried again. */
  sendErrorShare?: number;
  /** Blocking part of a checkpoint; operator state per subtask. */
  snapshotMs?: number;
  stateMb?: number;
  /** agg: state of each key, of key 0. */
  keyKb?: number;
  keyZeroMb?: number;
  /** agg: kept of each record, for that long or for ever. */
  growBytes?: number;
  ttlS?: number;
  /** map: copies handed on per record, may be a fraction. */
  fanout?: number;
  /** async: duration of a call, calls at once. */
  latencyMs?: number;
  capacity?: number;
  /** wall: elements per window. */
  count?: number;
  /** window: its length in event time, and what each key costs when it ends. */
  windowS?: number;
  fireParkUs?: number;
}

const node =
  (kind: GraphNode['kind']) =>
  (name: string, inputs: string | readonly string[], settings: Settings): GraphNode => ({
    name,
    kind,
    inputs: typeof inputs === 'string' ? [inputs] : inputs,
    settings,
  });

export const source = (name: string, settings: Settings): GraphNode => node('source')(name, [], settings);
/** A source of the old kind; until Flink 1.20. */
export const legacy = (name: string, settings: Settings): GraphNode => node('legacy')(name, [], settings);
export const map = node('map');
export const agg = node('agg');
export const join = node('join');
/** A window over the whole stream: always parallelism 1. */
export const wall = node('wall');
/** A tumbling window in event time by key. */
export const window = node('window');
export const async = node('async');
export const sink = node('sink');

export function renderGraph(nodes: readonly GraphNode[]): string {
  return nodes
    .map(({ name, kind, inputs, settings }) => {
      const words = Object.entries(settings).map(([key, value]) => `${key}=${value}`);
      return [`${name}=${kind}`, ...(inputs.length ? [`in=${inputs.join(',')}`] : []), ...words].join(' ');
    })
    .join('; ');
}
