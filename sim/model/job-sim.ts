import { takeCheckpoint, type SimCheckpoint } from './checkpoint-sim.js';
import { idOf } from './ids.js';
import { keyShares } from './keys.js';
import { createNoise } from './random.js';
import type { EdgeSpec, JobSpec } from './spec.js';
import { collectGarbage, createTaskManager, type TaskManagerState } from './task-manager-sim.js';
import { createVertex, queueLimitOf, type SubtaskState, type VertexState } from './vertex-sim.js';

/** The model's tick. Queues hold seconds of records, so a second is fine enough for pressure to travel. */
export const STEP_MS = 1000;
const DAY_MS = 86_400_000;
/** Service times waver by this much from second to second. */
const NOISE = 0.04;
/** Checkpoints that the JobManager remembers (`web.checkpoints.history`). */
const HISTORY = 10;

/** One simulated job: bounded queues between subtasks, so that backpressure travels upstream by itself. */
export class JobSim {
  readonly jobId: string;
  readonly vertices: readonly VertexState[];
  readonly taskManagers: readonly TaskManagerState[];
  readonly startMs: number;
  readonly checkpoints: SimCheckpoint[] = [];
  completedCheckpoints = 0;
  failedCheckpoints = 0;
  private readonly byName: ReadonlyMap<string, VertexState>;
  private readonly noise: () => number;
  private readonly shares: ReadonlyMap<string, readonly number[]>;
  private nextTriggerMs: number;
  triggered = 0;
  private settledId = 0;

  constructor(
    readonly spec: JobSpec,
    startMs: number,
  ) {
    this.startMs = startMs;
    this.jobId = idOf('job', spec.name);
    this.noise = createNoise(Number.parseInt(this.jobId.slice(0, 8), 16));
    this.nextTriggerMs = startMs + spec.checkpoints.intervalMs;
    this.taskManagers = Array.from({ length: spec.taskManagers.count }, (_, i) =>
      createTaskManager(`127.0.0.1:${6200 + i}-${idOf('tm', spec.name, String(i)).slice(0, 6)}`, spec.taskManagers),
    );
    const { slots, count } = spec.taskManagers;
    this.vertices = spec.vertices.map((vertex) => {
      const inputs = spec.edges
        .filter(({ to }) => to === vertex.name)
        .map(({ from }) => spec.vertices.find(({ name }) => name === from));
      const channels = inputs.reduce((sum, input) => sum + (input?.parallelism ?? 0), 0);
      const recordBytes = inputs[0]?.recordBytes ?? 1;
      return createVertex(
        idOf('vertex', spec.name, vertex.name),
        vertex,
        queueLimitOf(channels, recordBytes),
        (subtask) => Math.min(count - 1, Math.floor(subtask / slots)),
      );
    });
    this.byName = new Map(this.vertices.map((vertex) => [vertex.spec.name, vertex]));
    this.shares = new Map(
      spec.vertices.flatMap(({ name, keys, parallelism, maxParallelism }) =>
        keys === undefined ? [] : [[name, keyShares(keys, parallelism, maxParallelism)] as const],
      ),
    );
  }

  inputsOf(vertexId: string): readonly VertexState[] {
    const name = this.vertices.find((vertex) => vertex.vertexId === vertexId)?.spec.name;
    return this.spec.edges.filter(({ to }) => to === name).flatMap(({ from }) => this.byName.get(from) ?? []);
  }

  /** One tick ending at `nowMs`: arrivals, work from the sinks up (so that room made below is used above), memory, barriers. */
  step(nowMs: number): void {
    for (const vertex of this.vertices) if (vertex.spec.source !== undefined) this.arrive(vertex, nowMs);
    for (const vertex of [...this.vertices].reverse()) this.work(vertex);
    for (const tm of this.taskManagers) collectGarbage(tm, STEP_MS);
    this.checkpoint(nowMs);
  }

  private arrive({ spec, subtasks }: VertexState, nowMs: number): void {
    const { recordsPerSecond = 0, dailySwing = 0 } = spec.source ?? {};
    const wave = 1 + dailySwing * Math.sin((2 * Math.PI * (nowMs % DAY_MS)) / DAY_MS);
    for (const subtask of subtasks) subtask.pending += (recordsPerSecond * wave * (STEP_MS / 1000)) / subtasks.length;
  }

  private work(vertex: VertexState): void {
    const outputs = this.spec.edges.filter(({ from }) => from === vertex.spec.name);
    // All senders of one step share the room that the step began with.
    const room = new Map(outputs.map((edge) => [edge, this.roomBehind(edge)]));
    vertex.subtasks.forEach((subtask, index) => this.workOne(vertex, subtask, index, outputs, room));
  }

  private roomBehind({ to }: EdgeSpec): readonly number[] {
    const target = this.byName.get(to);
    return target === undefined ? [] : target.subtasks.map(({ queue }) => Math.max(0, target.queueLimit - queue));
  }

  private workOne(
    { spec, subtasks }: VertexState,
    subtask: SubtaskState,
    index: number,
    outputs: readonly EdgeSpec[],
    room: ReadonlyMap<EdgeSpec, readonly number[]>,
  ): void {
    const tm = this.taskManagers[subtask.taskManager];
    const stallMs = Math.min(subtask.stallMs, STEP_MS);
    subtask.stallMs -= stallMs;
    const gcMs = (STEP_MS - stallMs) * (tm?.gcShare ?? 0);
    const freeMs = STEP_MS - stallMs - gcMs;
    const serviceMs = spec.serviceMs * (1 + NOISE * (this.noise() - 0.5));
    const waiting = spec.source === undefined ? subtask.queue : subtask.pending;
    const able = Math.min(waiting, freeMs / serviceMs);
    const passed = able * this.passable(able * spec.outPerIn, index, subtasks.length, outputs, room);
    const blocked = passed < able * 0.999;
    const workMs = passed * serviceMs;
    const restMs = Math.max(0, freeMs - workMs);

    const busyMs = workMs + stallMs + (waiting > 0 ? gcMs : 0);
    subtask.busyMs += busyMs;
    if (blocked) subtask.backPressuredMs += restMs;
    else subtask.idleMs += restMs + (waiting > 0 ? 0 : gcMs);
    if (spec.source === undefined) subtask.queue -= passed;
    else subtask.pending -= passed;
    subtask.recordsIn += passed;
    subtask.perSecond = passed / (STEP_MS / 1000);
    if (outputs.length > 0) {
      subtask.recordsOut += passed * spec.outPerIn;
      subtask.bytesOut += passed * spec.outPerIn * spec.recordBytes;
    }
    subtask.busyRatio = towards(subtask.busyRatio, busyMs / STEP_MS);
    subtask.backPressuredRatio = towards(subtask.backPressuredRatio, blocked ? restMs / STEP_MS : 0);
    subtask.recordsInPerSecond = towards(subtask.recordsInPerSecond, subtask.perSecond);
    subtask.recordsOutPerSecond = towards(
      subtask.recordsOutPerSecond,
      outputs.length > 0 ? subtask.perSecond * spec.outPerIn : 0,
    );
    if (tm !== undefined) {
      tm.allocatedBytes += passed * spec.garbageBytesPerRecord;
      tm.cpuMs += workMs * spec.cpuShare;
    }
    for (const edge of outputs) this.deliver(edge, passed * spec.outPerIn, index, spec.recordBytes);
  }

  /** The share of its output that all targets have room for: one full target blocks the whole subtask. */
  private passable(
    records: number,
    index: number,
    senders: number,
    outputs: readonly EdgeSpec[],
    room: ReadonlyMap<EdgeSpec, readonly number[]>,
  ): number {
    let share = 1;
    for (const edge of outputs) {
      const free = room.get(edge) ?? [];
      free.forEach((records_, target) => {
        const wanted = records * this.shareOf(edge, index, target, free.length);
        const mine = edge.ship === 'FORWARD' ? records_ : records_ / senders;
        if (wanted > mine) share = Math.min(share, mine / wanted);
      });
    }
    return share;
  }

  private shareOf({ ship, to }: EdgeSpec, sender: number, target: number, targets: number): number {
    if (ship === 'FORWARD') return sender === target ? 1 : 0;
    return ship === 'HASH' ? (this.shares.get(to)?.[target] ?? 1 / targets) : 1 / targets;
  }

  private deliver(edge: EdgeSpec, records: number, sender: number, recordBytes: number): void {
    const target = this.byName.get(edge.to);
    target?.subtasks.forEach((subtask, index) => {
      const share = records * this.shareOf(edge, sender, index, target.subtasks.length);
      subtask.queue += share;
      subtask.bytesIn += share * recordBytes;
    });
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
    const { intervalMs, timeoutMs, uploadBytesPerSecond } = this.spec.checkpoints;
    this.checkpoints.push(
      takeCheckpoint(
        this.triggered,
        nowMs,
        this.vertices,
        (vertexId) => this.inputsOf(vertexId),
        uploadBytesPerSecond,
        timeoutMs,
      ),
    );
    if (this.checkpoints.length > HISTORY) this.checkpoints.shift();
    this.nextTriggerMs = nowMs + intervalMs;
  }
}

/** Gauges forget with a time constant of half a minute, so that they trail as Flink's means of a minute do. */
const GAUGE_MS = 30_000;

function towards(before: number, now: number): number {
  return before + (now - before) * Math.min(1, STEP_MS / GAUGE_MS);
}
