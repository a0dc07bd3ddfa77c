import type { Draw } from '../draw.js';
import { faultyJob, operatorOf, serviceFor, thenBecomes, withNode, workOf, type FaultKind } from '../fault.js';
import type { CalmJob } from '../calm-job.js';
import type { Node } from '../topology.js';

/** Wants 1.4 to 2.5 times what its subtasks have. */
const tooMuch = (draw: Draw): number => draw.uniform(1.4, 2.5);

/** One vertex takes longer per record; `cpuShare` of it is computing. */
function slow(draw: Draw, job: CalmJob, node: Node, cpuShare: readonly [number, number]) {
  const numbers = { serviceMs: serviceFor(job, node, tooMuch(draw)), cpuShare: draw.uniform(...cpuShare) };
  return thenBecomes(job.spec, { vertices: { [node.name]: numbers } });
}

const WAITING = [0.01, 0.08] as const;
const COMPUTING = [0.96, 1] as const;

const slowLookup: FaultKind = {
  id: 'slow-lookup',
  title: 'an operator waits for a slow service at every record',
  rule: 'bp-external-wait',
  draw(draw, name) {
    const job = faultyJob(draw, name);
    const node = draw.pick(workOf(job));
    return { spec: slow(draw, job, node, WAITING), expect: { rule: this.rule, operator: operatorOf(node.name) } };
  },
};

const slowSink: FaultKind = {
  id: 'slow-sink',
  title: 'what a sink writes to is slow',
  rule: 'bp-external-wait',
  draw(draw, name) {
    const job = faultyJob(draw, name);
    const node = draw.pick(job.nodes.filter(({ role }) => role === 'sink'));
    return { spec: slow(draw, job, node, WAITING), expect: { rule: this.rule, operator: operatorOf(node.name) } };
  },
};

const slowCode: FaultKind = {
  id: 'slow-code',
  title: 'an operator computes too long, with cores to spare',
  rule: 'bp-bottleneck',
  draw(draw, name) {
    const job = faultyJob(draw, name);
    const node = draw.pick(workOf(job));
    const spec = slow(draw, job, node, COMPUTING);
    const { slots, cpuCores } = spec.taskManagers;
    const taskManagers = { ...spec.taskManagers, cpuCores: cpuCores + 2 * slots };
    return { spec: { ...spec, taskManagers }, expect: { rule: this.rule, operator: operatorOf(node.name) } };
  },
};

const fewCores: FaultKind = {
  id: 'few-cores',
  title: 'an operator computes too long, and machines have a core for every two slots',
  rule: 'bp-cpu-saturated-tm',
  draw(draw, name) {
    const slots = draw.pick([2, 4]);
    // Every machine is full: on one with free slots the same vertex would have more of the cores.
    const isFull = ({ parallelism }: Node): boolean => parallelism % slots === 0;
    const job = faultyJob(draw, name, {
      busyMax: 0.12,
      cpuShare: [0.1, 0.3],
      reshape: (shape) => (workOf(shape, isWidest(shape)).some(isFull) ? shape : undefined),
    });
    const node = draw.pick(workOf(job, isWidest(job)));
    const spec = slow(draw, job, node, COMPUTING);
    const taskManagers = { ...spec.taskManagers, slots, count: node.parallelism / slots, cpuCores: slots / 2 };
    return {
      spec: { ...spec, taskManagers },
      // The recording of it allows the same: the cores are seen over ninety seconds, the vertex over sixty.
      expect: { rule: this.rule, operator: operatorOf(node.name), alsoTrue: ['bp-bottleneck'] },
    };
  },
};

function isWidest({ nodes }: Pick<CalmJob, 'nodes'>): (node: Node) => boolean {
  const widest = Math.max(...nodes.map(({ parallelism }) => parallelism));
  return ({ parallelism }) => parallelism === widest;
}

const nonParallel: FaultKind = {
  id: 'non-parallel',
  title: 'all records go through one subtask',
  rule: 'bp-nonparallel-operator',
  draw(draw, name) {
    const one = { parallelism: 1, keyed: false, maxParallelism: 1 };
    const job = faultyJob(draw, name, { reshape: (shape) => withNode(shape, draw.pick(workOf(shape)), one) });
    const node = draw.pick(workOf(job, ({ maxParallelism }) => maxParallelism === 1));
    return {
      spec: slow(draw, job, node, [0.05, 0.95]),
      expect: { rule: this.rule, operator: operatorOf(node.name), subtasks: [0] },
    };
  },
};

const chainedSource: FaultKind = {
  id: 'chained-source',
  title: 'slow work is chained to the source',
  rule: 'bp-source-chained',
  draw(draw, name) {
    const job = faultyJob(draw, name);
    const node = draw.pick(job.nodes.filter(({ role }) => role === 'source'));
    return {
      spec: slow(draw, job, node, [0.02, 0.9]),
      expect: { rule: this.rule, operator: operatorOf(node.name) },
    };
  },
};

export const loadFaults: readonly FaultKind[] = [slowLookup, slowSink, slowCode, fewCores, nonParallel, chainedSource];
