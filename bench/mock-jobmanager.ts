#!/usr/bin/env node
/**
 * A stand-in for JobManagers of any size, for benchmarks of Weir alone: answers cost it little, because all jobs and
 * vertices share their bodies, made once a second. Counters grow as those of a calm job do.
 * `node mock-jobmanager.js '{"clusters":1,"jobs":1000,"vertices":10,"parallelism":100}'`; prints the URLs as one line of JSON.
 */
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface MockSpec {
  readonly clusters: number;
  /** Per cluster. */
  readonly jobs: number;
  readonly vertices: number;
  readonly parallelism: number;
  /** How long a checkpoint takes; default 300 ms. */
  readonly checkpointMs?: number;
  /** Further clusters that take a request and never answer. */
  readonly hanging?: number;
  /** Further clusters that answer with what is no JSON. */
  readonly garbage?: number;
}

const STARTED_MS = Date.now() - 3_600_000;
const TASK_MANAGERS = 4;
const NETWORK_SEGMENTS = 10 ** 9;
const BUSY_SHARE = 0.1;
const RECORDS_PER_SECOND = 50;
const CHECKPOINT_EVERY_MS = 60_000;
const CHECKPOINT_MS = 300;

const hex = (number: number): string => number.toString(16).padStart(32, '0');
const ranMs = (): number => Date.now() - STARTED_MS;

function main(spec: MockSpec): void {
  const servers = [
    ...Array.from({ length: spec.clusters }, () => answering(spec)),
    ...Array.from({ length: spec.hanging ?? 0 }, () => createServer(() => undefined)),
    ...Array.from({ length: spec.garbage ?? 0 }, () =>
      createServer((_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json' }).end('{"jobs":[{"jid":"');
      }),
    ),
  ];
  void Promise.all(servers.map(listening)).then((urls) => process.stdout.write(`${JSON.stringify(urls)}\n`));
}

function listening(server: Server): Promise<string> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`); // A TCP server that listens has one.
    });
  });
}

function answering(spec: MockSpec): Server {
  const shared = new Map<string, { readonly madeMs: number; readonly text: string }>();
  /** The same text for a second. */
  const fresh = (key: string, make: () => object): string => {
    const known = shared.get(key);
    if (known !== undefined && Date.now() - known.madeMs < 1000) return known.text;
    const text = JSON.stringify(make());
    shared.set(key, { madeMs: Date.now(), text });
    return text;
  };
  return createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://mock');
    const ids = (url.searchParams.get('get') ?? '').split(',');
    const path = url.pathname;
    const jobId = /^\/jobs\/(\w{32})/.exec(path)?.[1];
    if (path === '/overview')
      send(
        response,
        fresh(path, () => overview(spec)),
      );
    else if (path === '/jobs/overview')
      send(
        response,
        fresh(path, () => jobsOverview(spec)),
      );
    else if (path === '/taskmanagers')
      send(
        response,
        fresh(path, () => ({ taskmanagers: taskManagers(spec) })),
      );
    else if (path === '/jobmanager/metrics') send(response, valuesOf(ids));
    else if (path === '/jobmanager/config') send(response, '[{"key":"state.backend.type","value":"rocksdb"}]');
    else if (/^\/taskmanagers\/[^/]+$/.test(path))
      send(
        response,
        fresh('tm', () => ({ ...taskManagers(spec)[0], ...tmMetrics() })),
      );
    else if (path.startsWith('/taskmanagers/')) send(response, valuesOf(ids));
    else if (jobId === undefined) notFound(response);
    else if (path.endsWith('/subtasks/metrics'))
      send(response, url.searchParams.has('get') ? summariesOf(ids, spec) : NAMES);
    else if (path.endsWith('/metrics')) send(response, valuesOf(ids));
    else if (path.endsWith('/checkpoints'))
      send(
        response,
        fresh('checkpoints', () => checkpoints(spec)),
      );
    else if (path.endsWith('/checkpoints/config')) send(response, CHECKPOINT_CONFIG);
    else if (path.endsWith('/exceptions')) send(response, NO_EXCEPTIONS);
    else if (path.includes('/checkpoints/details/'))
      send(
        response,
        fresh('checkpoint-subtasks', () => checkpointSubtasks(spec)),
      );
    else if (/\/vertices\/\w{32}$/.test(path))
      send(
        response,
        fresh('vertex', () => vertex(spec)),
      );
    else if (path.endsWith('/config'))
      send(response, path.includes('/jobmanager/') ? '[]' : `{"jid":"${jobId}","name":"x"}`);
    else
      send(
        response,
        fresh('job', () => job(spec))
          .replaceAll(hex(0), jobId)
          .replace('"name":"job"', `"name":"job-${jobId.slice(-6)}"`),
      );
  });
}

function send(response: ServerResponse, text: string): void {
  response.writeHead(200, {
    'content-type': 'application/json; charset=UTF-8',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

function notFound(response: ServerResponse): void {
  response.writeHead(404, { 'content-type': 'application/json' }).end('{"errors":["Not found."]}');
}

const overview = ({ jobs, parallelism }: MockSpec): object => ({
  taskmanagers: TASK_MANAGERS,
  'slots-total': jobs * parallelism,
  'slots-available': 0,
  'jobs-running': jobs,
  'jobs-finished': 0,
  'jobs-cancelled': 0,
  'jobs-failed': 0,
  'flink-version': '1.20.3',
  'flink-commit': '0000000',
});

const jobsOverview = (spec: MockSpec): object => ({
  jobs: Array.from({ length: spec.jobs }, (_, i) => ({
    jid: hex(i + 1),
    name: `job-${hex(i + 1).slice(-6)}`,
    state: 'RUNNING',
    'start-time': STARTED_MS,
    'end-time': -1,
    duration: ranMs(),
    'last-modification': STARTED_MS,
    tasks: { total: spec.vertices * spec.parallelism, running: spec.vertices * spec.parallelism },
  })),
});

function ioMetrics(subtasks: number): object {
  const ms = ranMs() * subtasks;
  const records = Math.round((ms / 1000) * RECORDS_PER_SECOND);
  return {
    'read-bytes': records * 100,
    'read-bytes-complete': true,
    'write-bytes': records * 100,
    'write-bytes-complete': true,
    'read-records': records,
    'read-records-complete': true,
    'write-records': records,
    'write-records-complete': true,
    'accumulated-backpressured-time': 0,
    'accumulated-idle-time': Math.round(ms * (1 - BUSY_SHARE)),
    'accumulated-busy-time': Math.round(ms * BUSY_SHARE),
  };
}

const vertexId = (index: number): string => `a${hex(index + 1).slice(1)}`;
const vertexName = (index: number): string => (index === 0 ? 'Source: src' : `step ${index}`);

const job = ({ vertices, parallelism }: MockSpec): object => ({
  jid: hex(0),
  name: 'job',
  state: 'RUNNING',
  'job-type': 'STREAMING',
  'start-time': STARTED_MS,
  'end-time': -1,
  duration: ranMs(),
  maxParallelism: -1,
  now: Date.now(),
  timestamps: { INITIALIZING: STARTED_MS, CREATED: STARTED_MS + 1, RUNNING: STARTED_MS + 2 },
  vertices: Array.from({ length: vertices }, (_, i) => ({
    id: vertexId(i),
    slotSharingGroupId: hex(7),
    name: vertexName(i),
    maxParallelism: 512,
    parallelism,
    status: 'RUNNING',
    'start-time': STARTED_MS + 5000,
    'end-time': -1,
    tasks: { RUNNING: parallelism },
    metrics: ioMetrics(parallelism),
  })),
  'status-counts': { RUNNING: vertices },
  plan: {
    jid: hex(0),
    name: 'job',
    type: 'STREAMING',
    nodes: Array.from({ length: vertices }, (_, i) => ({
      id: vertexId(i),
      parallelism,
      operator: '',
      description: vertexName(i),
      ...(i === 0
        ? {}
        : { inputs: [{ num: 0, id: vertexId(i - 1), ship_strategy: 'REBALANCE', exchange: 'pipelined_bounded' }] }),
    })),
  },
});

const vertex = ({ parallelism }: MockSpec): object => ({
  id: vertexId(0),
  name: 'step',
  parallelism,
  maxParallelism: 512,
  now: Date.now(),
  subtasks: Array.from({ length: parallelism }, (_, subtask) => ({
    subtask,
    status: 'RUNNING',
    attempt: 0,
    endpoint: '10.0.0.1:33117',
    'start-time': STARTED_MS + 5000,
    'end-time': -1,
    duration: ranMs(),
    metrics: ioMetrics(1),
    'taskmanager-id': `tm-${subtask % TASK_MANAGERS}`,
    'status-duration': { CREATED: 10, SCHEDULED: 10, DEPLOYING: 100, INITIALIZING: 100, RUNNING: ranMs() - 5220 },
    start_time: STARTED_MS + 5000,
  })),
  aggregated: { metrics: {}, 'status-duration': {} },
});

const NAMES = JSON.stringify(['Source__src.pendingRecords', 'Source__src.numRecordsOut'].map((id) => ({ id })));

function summariesOf(ids: readonly string[], { parallelism }: MockSpec): string {
  return JSON.stringify(
    ids.map((id) => {
      const value = gauge(id);
      return { id, min: value, max: value, avg: value, sum: value * parallelism };
    }),
  );
}

function valuesOf(ids: readonly string[]): string {
  return JSON.stringify(ids.map((id) => ({ id, value: String(gauge(id)) })));
}

function gauge(id: string): number {
  if (id.endsWith('busyTimeMsPerSecond')) return BUSY_SHARE * 1000;
  if (id.endsWith('PerSecond')) return id.startsWith('num') ? RECORDS_PER_SECOND : 0;
  if (/numRecords(In|Out)$/.test(id)) return Math.round((ranMs() / 1000) * RECORDS_PER_SECOND);
  if (/numBytes(In|Out)$/.test(id)) return Math.round((ranMs() / 1000) * RECORDS_PER_SECOND) * 100;
  if (id.endsWith('accumulateIdleTimeMs')) return Math.round(ranMs() * (1 - BUSY_SHARE));
  if (id.endsWith('accumulateBusyTimeMs')) return Math.round(ranMs() * BUSY_SHARE);
  if (id.endsWith('Watermark')) return Date.now() - 2000;
  if (id.endsWith('CPU.Time')) return ranMs() * 100_000;
  if (id.endsWith('Heap.Used')) return 200_000_000 + (ranMs() % 10_000) * 10_000;
  if (id.endsWith('Heap.Max')) return 1_000_000_000;
  // Of a calm job no rule has anything to say: advice for a full metaspace would be measured as well.
  if (id.endsWith('Metaspace.Max')) return 256_000_000;
  if (id.endsWith('.Count') || id.endsWith('.Time')) return Math.round(ranMs() / 5000);
  // So many that the four TaskManagers, which stand for as many as such a fleet has, could take all its slots.
  if (id.endsWith('Segments')) return NETWORK_SEGMENTS;
  return id.endsWith('Bytes') || id.includes('Memory') ? 1_000_000 : 0;
}

const slotsOfOne = ({ parallelism, jobs }: MockSpec): number => Math.ceil((jobs * parallelism) / TASK_MANAGERS);

const taskManagers = (spec: MockSpec): object[] =>
  Array.from({ length: TASK_MANAGERS }, (_, i) => ({
    id: `tm-${i}`,
    path: `pekko.tcp://flink@10.0.0.${i}:6200/user/rpc/taskmanager_0`,
    timeSinceLastHeartbeat: Date.now(),
    slotsNumber: slotsOfOne(spec),
    freeSlots: 0,
    hardware: { cpuCores: slotsOfOne(spec), physicalMemory: 2 ** 38, freeMemory: 2 ** 37, managedMemory: 2 ** 36 },
    memoryConfiguration: { totalProcessMemory: 2 ** 38, managedMemory: 2 ** 36, taskHeap: 2 ** 37 },
  }));

const tmMetrics = (): object => ({
  metrics: {
    heapUsed: 200_000_000 + (ranMs() % 10_000) * 10_000,
    heapMax: 1_000_000_000,
    directUsed: 1_000_000,
    nettyShuffleMemorySegmentsAvailable: NETWORK_SEGMENTS / 2,
    nettyShuffleMemorySegmentsTotal: NETWORK_SEGMENTS,
    garbageCollectors: [
      { name: 'G1_Young_Generation', count: Math.round(ranMs() / 5000), time: Math.round(ranMs() / 1000) },
    ],
  },
});

function checkpoints({ vertices, parallelism, checkpointMs = CHECKPOINT_MS }: MockSpec): object {
  const last = Math.floor(ranMs() / CHECKPOINT_EVERY_MS);
  const history = Array.from({ length: Math.min(10, last) }, (_, i) => ({
    className: 'completed',
    id: last - i,
    status: 'COMPLETED',
    is_savepoint: false,
    trigger_timestamp: STARTED_MS + (last - i) * CHECKPOINT_EVERY_MS,
    latest_ack_timestamp: STARTED_MS + (last - i) * CHECKPOINT_EVERY_MS + checkpointMs,
    checkpointed_size: 1_000_000,
    state_size: 5_000_000,
    end_to_end_duration: checkpointMs,
    alignment_buffered: 0,
    processed_data: 0,
    persisted_data: 0,
    num_subtasks: vertices * parallelism,
    num_acknowledged_subtasks: vertices * parallelism,
    checkpoint_type: 'CHECKPOINT',
    tasks: {},
  }));
  return { counts: { restored: 0, total: last, in_progress: 0, completed: last, failed: 0 }, history };
}

/** Of one vertex; without the summary, which is not read. */
const checkpointSubtasks = ({ parallelism, checkpointMs = CHECKPOINT_MS }: MockSpec): object => ({
  id: Math.floor(ranMs() / CHECKPOINT_EVERY_MS),
  status: 'COMPLETED',
  subtasks: Array.from({ length: parallelism }, (_, index) => ({
    index,
    status: 'completed',
    ack_timestamp: STARTED_MS + Math.floor(ranMs() / CHECKPOINT_EVERY_MS) * CHECKPOINT_EVERY_MS + checkpointMs,
    end_to_end_duration: checkpointMs,
    checkpointed_size: 1_000,
    state_size: 5_000,
    checkpoint: { sync: 2, async: checkpointMs - 250 },
    alignment: { buffered: 0, processed: 0, persisted: 0, duration: 10 },
    start_delay: 200,
    unaligned_checkpoint: false,
    aborted: false,
  })),
});

const CHECKPOINT_CONFIG = JSON.stringify({
  mode: 'exactly_once',
  interval: CHECKPOINT_EVERY_MS,
  timeout: 600_000,
  min_pause: 0,
  max_concurrent: 1,
  externalization: { enabled: true, delete_on_cancellation: false },
  unaligned_checkpoints: false,
});

const NO_EXCEPTIONS = JSON.stringify({ exceptionHistory: { entries: [], truncated: false } });

main(JSON.parse(process.argv[2] ?? '{}') as MockSpec); // Given by the benchmark that starts it.
