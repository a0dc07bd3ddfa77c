import type { VertexSpec } from '../../../sim/model/spec.js';
import { faultyJob, serviceFor, thenBecomes, withSlots, withVertex, workOf, type FaultKind } from '../fault.js';
import type { CalmJob } from '../calm-job.js';

const MIB = 2 ** 20;

/** Records per second that subtasks of one vertex on a TaskManager full of them get. */
function perTaskManager({ perSecond, spec }: CalmJob, { name, parallelism }: { name: string; parallelism: number }) {
  return ((perSecond.get(name) ?? 0) / parallelism) * Math.min(parallelism, spec.taskManagers.slots);
}

const slowTaskManager: FaultKind = {
  id: 'slow-taskmanager',
  title: 'one machine gives its TaskManager a fraction of its time',
  rule: 'noisy-tm',
  draw(draw, name) {
    const job = faultyJob(draw, name, {
      size: { vertices: [3, 60], subtasks: 500, parallelism: 6 },
      busyMax: 0.25,
    });
    const widest = Math.max(...job.nodes.map(({ parallelism }) => parallelism));
    const node = draw.pick(
      workOf(job, ({ parallelism }) => parallelism === widest)
        .concat(workOf(job))
        .slice(0, 1),
    );
    const busy = draw.uniform(0.3, 0.45);
    const slots = draw.pick([2, 3].filter((one) => one * 3 <= widest));
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
    const spec = withVertex(calm(job.spec.vertices, job.spec, 0.02), node.name, {
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

/** The ordinary garbage of all vertices, scaled. */
function calm<T extends { readonly vertices: readonly VertexSpec[] }>(
  vertices: readonly VertexSpec[],
  spec: T,
  factor: number,
): T {
  return {
    ...spec,
    vertices: vertices.map((vertex) => ({
      ...vertex,
      garbageBytesPerRecord: vertex.garbageBytesPerRecord * factor,
    })),
  };
}

/** Long enough for a trend, which five minutes of readings make. */
const LEAK_SECONDS = 500;

const leak: FaultKind = {
  id: 'leak',
  title: 'user code keeps a part of every record for ever',
  rule: 'gc-leak',
  // A trend needs five minutes of readings.
  watchMs: 480_000,
  draw(draw, name) {
    const job = faultyJob(draw, name);
    const widest = Math.max(...job.nodes.map(({ parallelism }) => parallelism));
    const node = draw.pick(
      workOf(job, ({ parallelism }) => parallelism === widest)
        .concat(workOf(job))
        .slice(0, 3),
    );
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
