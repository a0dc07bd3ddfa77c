import type { JobSpec } from '../../../sim/model/spec.js';
import { faultyJob, serviceFor, thenBecomes, withSlots, withVertex, workOf, type FaultKind } from '../fault.js';
import type { CalmJob } from '../calm-job.js';
import type { Node, Shape } from '../topology.js';

const MIB = 2 ** 20;

/** Records per second that subtasks of one vertex on a TaskManager full of them get. */
function perTaskManager({ perSecond, spec }: CalmJob, { name, parallelism }: { name: string; parallelism: number }) {
  return ((perSecond.get(name) ?? 0) / parallelism) * Math.min(parallelism, spec.taskManagers.slots);
}

/** Operators that run on as many TaskManagers as any. */
function widestWork({ nodes }: Pick<Shape, 'nodes'>): readonly Node[] {
  const works = workOf({ nodes });
  const widest = Math.max(...works.map(({ parallelism }) => parallelism));
  return works.filter(({ parallelism }) => parallelism === widest);
}

/** Three TaskManagers of two slots: which of two is slow, and which is fast? */
const LEAST = 6;

const slowTaskManager: FaultKind = {
  id: 'slow-taskmanager',
  title: 'one machine gives its TaskManager a fraction of its time',
  rule: 'noisy-tm',
  draw(draw, name) {
    const job = faultyJob(draw, name, {
      size: { vertices: [3, 60], subtasks: 500, parallelism: LEAST },
      busyMax: 0.25,
      reshape: (shape) => (widestWork(shape).some(({ parallelism }) => parallelism >= LEAST) ? shape : undefined),
    });
    const node = draw.pick(widestWork(job));
    const busy = draw.uniform(0.3, 0.45);
    const slots = draw.pick([2, 3].filter((one) => one * 3 <= node.parallelism));
    const slow = { index: draw.int(0, Math.floor(node.parallelism / slots) - 1), factor: draw.uniform(1.4, 2) / busy };
    const spec = withVertex(job.spec, node.name, { serviceMs: serviceFor(job, node, busy) });
    const taskManagers = withSlots(job, slots);
    return { spec: thenBecomes({ ...spec, taskManagers }, { taskManagers: { slow } }), expect: { rule: this.rule } };
  },
};

const garbage: FaultKind = {
  id: 'garbage',
  title: 'records leave so much garbage that collections take most of the time',
  rule: 'gc-pressure',
  draw(draw, name) {
    const job = faultyJob(draw, name);
    const node = draw.pick(workOf(job));
    const [heapBytes, liveBytes] = [draw.uniform(256, 400) * MIB, draw.uniform(50, 60) * MIB];
    const spec = withVertex(withLessGarbage(job.spec, 0.02), node.name, {
      serviceMs: serviceFor(job, node, draw.uniform(0.3, 0.5)),
    });
    // What the collections would take of the time if the job kept up.
    const share = draw.uniform(0.6, 0.9);
    const pauseSeconds = 0.004 + liveBytes / 1.5e9;
    const perRecord = ((share / pauseSeconds) * 0.6 * (heapBytes - liveBytes)) / perTaskManager(job, node);
    const taskManagers = { ...spec.taskManagers, heapBytes, liveBytes };
    return {
      spec: thenBecomes({ ...spec, taskManagers }, { vertices: { [node.name]: { garbageBytesPerRecord: perRecord } } }),
      expect: { rule: this.rule },
    };
  },
};

/** A part of the ordinary garbage of all vertices: the heap is a small one. */
function withLessGarbage(spec: JobSpec, part: number): JobSpec {
  const vertices = spec.vertices.map((vertex) => ({
    ...vertex,
    garbageBytesPerRecord: vertex.garbageBytesPerRecord * part,
  }));
  return { ...spec, vertices };
}

/** Long enough for a trend, which five minutes of readings make. */
const LEAK_SECONDS = 500;

const leak: FaultKind = {
  id: 'leak',
  title: 'user code keeps a part of every record for ever',
  rule: 'gc-leak',
  // A trend needs five minutes of readings, and where collections come as often as these, a few more to stand out of their noise
  // (8 % of these heaps). Full they are after some fifteen minutes.
  watchMs: 600_000,
  draw(draw, name) {
    const job = faultyJob(draw, name);
    const node = draw.pick(widestWork(job));
    const heapBytes = draw.uniform(256, 400) * MIB;
    const liveBytes = draw.uniform(0.3, 0.4) * heapBytes;
    const leakBytesPerRecord = (draw.uniform(0.3, 0.38) * heapBytes) / LEAK_SECONDS / perTaskManager(job, node);
    // A collection every eight to ten seconds at first.
    const records = job.spec.vertices.reduce((sum, vertex) => sum + perTaskManager(job, vertex), 0);
    const garbageBytesPerRecord = (0.6 * (heapBytes - liveBytes)) / draw.uniform(8, 10) / records;
    const vertices = job.spec.vertices.map((vertex) => ({ ...vertex, garbageBytesPerRecord }));
    const taskManagers = { ...job.spec.taskManagers, heapBytes, liveBytes };
    return {
      spec: thenBecomes({ ...job.spec, vertices, taskManagers }, { vertices: { [node.name]: { leakBytesPerRecord } } }),
      expect: { rule: this.rule },
    };
  },
};

export const machineFaults: readonly FaultKind[] = [slowTaskManager, garbage, leak];
