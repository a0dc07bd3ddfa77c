import type { JobSpec, SourceSpec } from '../../../sim/model/spec.js';
import type { CalmJob } from '../calm-job.js';
import type { Draw } from '../draw.js';
import { faultyJob, operatorOf, thenBecomes, withVertex, workOf, type FaultKind } from '../fault.js';
import type { Node, Shape } from '../topology.js';

const isSource = ({ role }: Node): boolean => role === 'source';

function sourceOf({ spec }: Pick<CalmJob, 'spec'>, name: string): SourceSpec {
  const source = spec.vertices.find((vertex) => vertex.name === name)?.source;
  if (source === undefined) throw new Error(`${name} is no source`);
  return source;
}

const catchUp: FaultKind = {
  id: 'catch-up',
  title: 'records of a stop wait, and the job works them off',
  rule: 'src-catchup',
  draw(draw, name) {
    // Of several sources the one that gets the least of a full vertex would fall behind further.
    const isOne = (shape: Shape): boolean => shape.nodes.filter(isSource).length === 1;
    const job = faultyJob(draw, name, { busyMax: 0.5, reshape: (shape) => (isOne(shape) ? shape : undefined) });
    const busiest = Math.max(
      ...job.spec.vertices.map(
        ({ name: vertex, parallelism, serviceMs }) =>
          ((job.perSecond.get(vertex) ?? 0) * serviceMs) / parallelism / 1000,
      ),
    );
    // More than the time of the watch in which the busiest vertex can do what comes beside.
    const seconds = (1 / busiest - 1) * draw.uniform(600, 1200);
    const sources = job.nodes.filter(isSource);
    const arrivals = Object.fromEntries(
      sources.map((node) => [node.name, (job.perSecond.get(node.name) ?? 0) * seconds]),
    );
    // Cores for as much as the job can do at once.
    const taskManagers = { ...job.spec.taskManagers, cpuCores: Math.ceil(job.spec.taskManagers.cpuCores / busiest) };
    return { spec: thenBecomes({ ...job.spec, taskManagers }, { arrivals }), expect: { rule: this.rule } };
  },
};

const fetchBound: FaultKind = {
  id: 'fetch-bound',
  title: 'the broker hands out less than is produced',
  rule: 'src-fetch-bound',
  draw(draw, name) {
    const job = faultyJob(draw, name);
    const node = draw.pick(job.nodes.filter(isSource));
    const source = sourceOf(job, node.name);
    const fetchRecordsPerSecond = (source.recordsPerSecond / node.parallelism) * draw.uniform(0.4, 0.8);
    return {
      spec: thenBecomes(job.spec, { vertices: { [node.name]: { source: { ...source, fetchRecordsPerSecond } } } }),
      expect: { rule: this.rule, operator: operatorOf(node.name) },
    };
  },
};

/** All sources carry event time, and one operator holds its results until it moves on. */
function windowedJob(draw: Draw, name: string, parallelism: number): { readonly job: CalmJob; readonly source: Node } {
  const job = faultyJob(draw, name, {
    size: { vertices: [3, 60], subtasks: 500, parallelism },
    reshape: ({ nodes, edges }) => {
      const first = nodes.find(({ name: one }) => one === 'Source: in0');
      if (first === undefined || first.parallelism < parallelism) return undefined;
      const window = draw.pick(workOf({ nodes }));
      const named = (one: string): string => (one === window.name ? `TumblingEventTimeWindows(${one})` : one);
      return {
        nodes: nodes.map((node) => ({ ...node, name: named(node.name), keyed: node.keyed || node === window })),
        edges: edges.map((edge) => ({
          from: named(edge.from),
          to: named(edge.to),
          ship: edge.to === window.name ? 'HASH' : edge.ship,
        })),
      };
    },
  });
  const source = job.nodes.find(({ name: one }) => one === 'Source: in0');
  if (source === undefined) throw new Error(`${name}: no source`);
  return { job: { ...job, spec: withEventTime(job.spec, draw.uniform(1000, 10_000)) }, source };
}

function withEventTime(spec: JobSpec, eventTimeDelayMs: number): JobSpec {
  return {
    ...spec,
    vertices: spec.vertices.map((vertex) => ({
      ...vertex,
      ...(vertex.name.includes('Windows(') ? { window: true as const } : {}),
      ...(vertex.source === undefined ? {} : { source: { ...vertex.source, eventTimeDelayMs } }),
    })),
  };
}

const silentPartition: FaultKind = {
  id: 'silent-partition',
  title: 'one partition goes silent and holds event time for all',
  rule: 'wm-idle-partition',
  draw(draw, name) {
    const { job, source } = windowedJob(draw, name, 2);
    const silent = draw.int(0, source.parallelism - 1);
    const even = new Array<number>(source.parallelism).fill(1);
    const before = { ...sourceOf(job, source.name), partitions: even };
    const after = { ...before, partitions: even.map((rate, i) => (i === silent ? 0 : rate)) };
    return {
      spec: thenBecomes(withVertex(job.spec, source.name, { source: before }), {
        vertices: { [source.name]: { source: after } },
      }),
      expect: { rule: this.rule, operator: operatorOf(source.name), subtasks: [silent] },
    };
  },
};

const idleReaders: FaultKind = {
  id: 'idle-readers',
  title: 'there are fewer partitions than readers, and those without hold event time',
  rule: 'src-partitions-lt-parallelism',
  draw(draw, name) {
    const { job, source } = windowedJob(draw, name, 3);
    const partitions = new Array<number>(draw.int(2, source.parallelism - 1)).fill(1);
    const readers = { ...sourceOf(job, source.name), partitions };
    return {
      spec: withVertex(job.spec, source.name, { source: readers }),
      // Both say the same of the same readers, as with the recording of it.
      expect: {
        rule: this.rule,
        operator: operatorOf(source.name),
        alsoTrue: ['wm-idle-partition', 'wm-never'],
      },
    };
  },
};

export const sourceFaults: readonly FaultKind[] = [catchUp, fetchBound, silentPartition, idleReaders];
