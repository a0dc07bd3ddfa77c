import { takeCheckpoint, type SimCheckpoint } from './checkpoint-sim.js';
import { EdgeSim } from './edge-sim.js';
import { advanceEventTime } from './event-time-sim.js';
import { idOf } from './ids.js';
import { keyShares } from './keys.js';
import { createNoise } from './random.js';
import { SourceSim } from './source-sim.js';
import type { EdgeSpec, JobSpec, VertexSpec } from './spec.js';
import { collectGarbage, createTaskManager, stretchOf, type TaskManagerState } from './task-manager-sim.js';
import { createVertex, queueLimitOf, type SubtaskState, type VertexState } from './vertex-sim.js';

/** The model's tick. Queues hold seconds of records, so a second is fine enough for pressure to travel. */
export const STEP_MS = 1000;
/** Service times waver by this much from second to second. */
const NOISE = 0.04;
/** Checkpoints that the JobManager remembers (`web.checkpoints.history`). */
const HISTORY = 10;

/** One simulated job: bounded queues between subtasks, so that backpressure travels upstream by itself. */
export class JobSim {
  readonly jobId: string;
  readonly vertices: readonly VertexState[];
  readonly taskManagers: readonly TaskManagerState[];
  readonly checkpoints: SimCheckpoint[] = [];
  readonly stepMs: number;
  completedCheckpoints = 0;
  failedCheckpoints = 0;
  triggered = 0;
  private readonly byName: ReadonlyMap<string, VertexState>;
  private readonly noise: () => number;
  private readonly sources: readonly SourceSim[];
  private readonly edges: ReadonlyMap<string, readonly EdgeSim[]>;
  private readonly inputEdges: ReadonlyMap<string, readonly EdgeSim[]>;
  private readonly inputs: ReadonlyMap<string, readonly { readonly edge: EdgeSpec; readonly vertex: VertexState }[]>;
  private readonly hasEventTime: boolean;
  private nextTriggerMs: number;
  private settledId = 0;
  private turned = 0;

  constructor(
    public spec: JobSpec,
    readonly startMs: number,
  ) {
    this.jobId = idOf('job', spec.name);
    this.stepMs = spec.stepMs ?? STEP_MS;
    this.noise = createNoise(Number.parseInt(this.jobId.slice(0, 8), 16));
    this.nextTriggerMs = startMs + spec.checkpoints.intervalMs;
    const net = `10.${Number.parseInt(this.jobId.slice(0, 2), 16)}`;
    this.taskManagers = Array.from({ length: spec.taskManagers.count }, (_, i) =>
      createTaskManager(i, net, idOf('tm', spec.name, String(i)).slice(0, 6), spec.taskManagers),
    );
    const { slots, count } = spec.taskManagers;
    this.vertices = spec.vertices.map((vertex) => {
      return createVertex(
        idOf('vertex', spec.name, vertex.name),
        vertex,
        spec.edges.reduce((sum, edge) => sum + (edge.to === vertex.name ? queueLimitOn(spec, edge) : 0), 0),
        (subtask) => Math.min(count - 1, Math.floor(subtask / slots)),
      );
    });
    this.byName = new Map(this.vertices.map((vertex) => [vertex.spec.name, vertex]));
    this.sources = this.vertices
      .filter((vertex) => vertex.spec.source !== undefined)
      .map((vertex) => new SourceSim(vertex, this.noise));
    this.hasEventTime = spec.vertices.some(({ source }) => source?.eventTimeDelayMs !== undefined);
    const by = (name: string): readonly EdgeSpec[] => spec.edges.filter(({ from }) => from === name);
    this.edges = new Map(spec.vertices.map(({ name }) => [name, by(name).flatMap((edge) => this.edgeSims(edge))]));
    const all = [...this.edges.values()].flat();
    this.inputEdges = new Map(spec.vertices.map(({ name }) => [name, all.filter(({ spec: { to } }) => to === name)]));
    this.inputs = new Map(
      spec.vertices.map(({ name }) => [
        name,
        spec.edges
          .filter(({ to }) => to === name)
          .flatMap((edge) => {
            const vertex = this.byName.get(edge.from);
            return vertex === undefined ? [] : [{ edge, vertex }];
          }),
      ]),
    );
  }

  private edgeSims(edge: EdgeSpec): readonly EdgeSim[] {
    const target = this.byName.get(edge.to);
    if (target === undefined) return [];
    const { keys, parallelism, maxParallelism } = target.spec;
    const shares =
      edge.ship === 'HASH' && keys !== undefined ? keyShares(keys, parallelism, maxParallelism) : undefined;
    return [new EdgeSim(edge, target, shares, queueLimitOn(this.spec, edge))];
  }

  inputsOf(vertexId: string): readonly VertexState[] {
    const name = this.vertices.find((vertex) => vertex.vertexId === vertexId)?.spec.name ?? '';
    return (this.inputs.get(name) ?? []).map(({ vertex }) => vertex);
  }

  /** One tick ending at `nowMs`: arrivals, work from the sinks up (so that room made below is used above), memory, barriers. */
  step(nowMs: number): void {
    this.turn(nowMs);
    for (const source of this.sources) source.arrive(nowMs, this.stepMs);
    for (let i = this.vertices.length - 1; i >= 0; i -= 1) this.work(this.vertices[i]);
    for (const tm of this.taskManagers) collectGarbage(tm, this.stepMs, this.noise);
    if (this.hasEventTime) advanceEventTime(this.vertices, this.inputs, nowMs);
    this.checkpoint(nowMs);
  }

  /** Takes over the numbers of the turns that are due. */
  private turn(nowMs: number): void {
    const next = this.spec.turns?.[this.turned];
    if (next === undefined || nowMs - this.startMs < next.afterMs) return;
    this.turned += 1;
    for (const [name, numbers] of Object.entries(next.vertices ?? {})) {
      const vertex = this.byName.get(name);
      if (vertex !== undefined) vertex.spec = { ...vertex.spec, ...numbers };
    }
    const taskManagers = { ...this.spec.taskManagers, ...next.taskManagers };
    for (const tm of this.taskManagers) tm.spec = taskManagers;
    this.spec = { ...this.spec, taskManagers, checkpoints: { ...this.spec.checkpoints, ...next.checkpoints } };
    for (const source of this.sources) {
      const { name, source: numbers } = source.vertex.spec;
      if (numbers !== undefined) source.hand(numbers, next.arrivals?.[name] ?? 0);
    }
    this.turn(nowMs);
  }

  private work(vertex: VertexState | undefined): void {
    if (vertex === undefined) return;
    const edges = this.edges.get(vertex.spec.name) ?? [];
    const isSource = vertex.spec.source !== undefined;
    const senders = vertex.subtasks.filter(({ queue, pending }) => (isSource ? pending : queue) > 0).length;
    for (const edge of edges) edge.begin(senders);
    const inputs = this.inputEdges.get(vertex.spec.name) ?? [];
    vertex.subtasks.forEach((subtask, index) => {
      const waited = subtask.queue;
      this.workOne(vertex.spec, subtask, index, edges);
      // It reads from all inputs alike, so that one does not starve behind another.
      for (const input of inputs) if (waited > 0) input.take(index, 1 - subtask.queue / waited);
    });
    for (const edge of edges) edge.end(vertex.spec.recordBytes);
  }

  private workOne(spec: VertexSpec, subtask: SubtaskState, index: number, edges: readonly EdgeSim[]): void {
    const { stepMs } = this;
    const tm = this.taskManagers[subtask.taskManager];
    const stallMs = Math.min(subtask.stallMs, stepMs);
    subtask.stallMs -= stallMs;
    const gcMs = (stepMs - stallMs) * (tm?.gcShare ?? 0);
    const freeMs = stepMs - stallMs - gcMs;
    const ownMs =
      spec.serviceMs * (1 + NOISE * (this.noise() - 0.5)) * (spec.dear?.subtask === index ? spec.dear.factor : 1);
    const serviceMs = ownMs * stretchOf(tm, spec.cpuShare);
    const waiting = spec.source === undefined ? subtask.queue : subtask.pending;
    const fetched = ((spec.source?.fetchRecordsPerSecond ?? Infinity) * stepMs) / 1000;
    const able = Math.min(waiting, freeMs / serviceMs, fetched);
    const outPerIn = spec.window === true && !subtask.isMoving ? 0 : spec.outPerIn;
    let passed = able;
    for (const edge of edges) if (outPerIn > 0) passed = Math.min(passed, edge.fits(index) / outPerIn);
    const blocked = passed < able * 0.999;
    const workMs = passed * serviceMs;
    const restMs = Math.max(0, freeMs - workMs);

    const busyMs = workMs + stallMs + (waiting > 0 ? gcMs : 0);
    subtask.busyMs += busyMs;
    if (blocked) subtask.backPressuredMs += restMs;
    else subtask.idleMs += restMs + (waiting > 0 ? 0 : gcMs);
    if (spec.source === undefined) subtask.queue -= passed;
    else subtask.pending -= passed;
    subtask.left = spec.source === undefined ? subtask.queue : 0;
    subtask.recordsIn += passed;
    subtask.perSecond = passed / (stepMs / 1000);
    if (edges.length > 0) {
      subtask.recordsOut += passed * outPerIn;
      subtask.bytesOut += passed * outPerIn * spec.recordBytes;
    }
    subtask.busyRatio = towards(subtask.busyRatio, busyMs / stepMs, stepMs);
    subtask.backPressuredRatio = towards(subtask.backPressuredRatio, blocked ? restMs / stepMs : 0, stepMs);
    subtask.recordsInPerSecond = towards(subtask.recordsInPerSecond, subtask.perSecond, stepMs);
    const outPerSecond = edges.length > 0 ? subtask.perSecond * outPerIn : 0;
    subtask.recordsOutPerSecond = towards(subtask.recordsOutPerSecond, outPerSecond, stepMs);
    if (tm !== undefined) {
      tm.allocatedBytes += passed * spec.garbageBytesPerRecord;
      tm.liveBytes += passed * (spec.leakBytesPerRecord ?? 0);
      tm.cpuMs += passed * ownMs * spec.cpuShare;
    }
    for (const edge of edges) edge.send(index, passed * outPerIn);
  }

  private checkpoint(nowMs: number): void {
    const last = this.checkpoints.at(-1);
    if (last !== undefined && last.id > this.settledId && nowMs >= last.endMs) {
      this.settledId = last.id;
      if (last.expired) this.failedCheckpoints += 1;
      else this.completedCheckpoints += 1;
    }
    const busy = last !== undefined && nowMs < last.endMs;
    if (nowMs < this.nextTriggerMs || busy) return;
    this.triggered += 1;
    const { intervalMs, timeoutMs, uploadBytesPerSecond, sizeSwing = 0 } = this.spec.checkpoints;
    this.checkpoints.push(
      takeCheckpoint(
        this.triggered,
        nowMs,
        this.vertices,
        (vertexId) => this.inputsOf(vertexId),
        uploadBytesPerSecond,
        timeoutMs,
        1 + sizeSwing * (2 * this.noise() - 1),
      ),
    );
    if (this.checkpoints.length > HISTORY) this.checkpoints.shift();
    this.nextTriggerMs = nowMs + intervalMs;
  }
}

/** Records that wait in one subtask's buffers of an edge at most: a FORWARD edge is one channel, any other one for each sender. */
export function queueLimitOn({ vertices }: Pick<JobSpec, 'vertices'>, { from, ship }: EdgeSpec): number {
  const sender = vertices.find(({ name }) => name === from);
  return queueLimitOf(ship === 'FORWARD' ? 1 : (sender?.parallelism ?? 1), sender?.recordBytes ?? 1);
}

/** Gauges forget with a time constant of half a minute, so that they trail as Flink's means of a minute do. */
const GAUGE_MS = 30_000;

function towards(before: number, now: number, stepMs: number): number {
  return before + (now - before) * Math.min(1, stepMs / GAUGE_MS);
}
