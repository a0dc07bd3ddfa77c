import { faultyJob, operatorOf, thenBecomes, workOf, type FaultKind } from '../fault.js';
import type { Draw } from '../draw.js';
import type { CalmJob } from '../calm-job.js';
import type { Node } from '../topology.js';
import type { JobSpec } from '../../../sim/model/spec.js';

const MIB = 2 ** 20;
const INTERVAL = { intervalMs: 30_000 };

/** One operator holds most of the state; the others a tenth of it at most. */
function withMuchState(job: CalmJob, node: Node, bytes: number): JobSpec {
  const vertices = job.spec.vertices.map((vertex) => ({
    ...vertex,
    stateBytesPerSubtask: vertex.name === node.name ? bytes : Math.min(vertex.stateBytesPerSubtask, bytes / 10),
  }));
  return { ...job.spec, vertices, checkpoints: { ...job.spec.checkpoints, ...INTERVAL } };
}

function stateful(draw: Draw, name: string) {
  const job = faultyJob(draw, name);
  const node = draw.pick(workOf(job));
  const bytes = draw.uniform(40, 150) * MIB;
  return { spec: withMuchState(job, node, bytes), node, bytes };
}

const slowStorage: FaultKind = {
  id: 'slow-storage',
  title: 'checkpoint storage takes a fraction of what it took',
  rule: 'ckpt-async',
  draw(draw, name) {
    const { spec, node, bytes } = stateful(draw, name);
    const uploadBytesPerSecond = bytes / draw.uniform(18, 40);
    return {
      spec: thenBecomes(spec, { checkpoints: { uploadBytesPerSecond } }),
      expect: { rule: this.rule, operator: node.name },
    };
  },
};

const slowSnapshot: FaultKind = {
  id: 'slow-snapshot',
  title: 'an operator stands still for seconds to take its snapshot',
  rule: 'ckpt-sync',
  draw(draw, name) {
    const job = faultyJob(draw, name);
    const node = draw.pick(workOf(job));
    const spec = { ...job.spec, checkpoints: { ...job.spec.checkpoints, ...INTERVAL } };
    return {
      spec: thenBecomes(spec, { vertices: { [node.name]: { syncMs: draw.uniform(2500, 6000) } } }),
      expect: { rule: this.rule, operator: operatorOf(node.name) },
    };
  },
};

const expiring: FaultKind = {
  id: 'expiring-checkpoints',
  title: 'checkpoints need more time than they may take',
  rule: 'ckpt-timeout',
  draw(draw, name) {
    const { spec, bytes } = stateful(draw, name);
    const timeoutMs = draw.pick([30_000, 60_000]);
    const uploadBytesPerSecond = bytes / (draw.uniform(1.6, 3) * (timeoutMs / 1000));
    const checkpoints = { ...spec.checkpoints, timeoutMs, tolerableFailures: 1000 };
    return {
      spec: thenBecomes({ ...spec, checkpoints }, { checkpoints: { uploadBytesPerSecond } }),
      expect: { rule: this.rule },
    };
  },
};

const largeKey: FaultKind = {
  id: 'large-key',
  title: 'one subtask holds many times the state of the others',
  rule: 'skew-state',
  draw(draw, name) {
    const job = faultyJob(draw, name, {
      reshape: (shape) => (workOf(shape, isWide).length > 0 ? shape : undefined),
    });
    const node = draw.pick(workOf(job, isWide));
    const bytes = draw.uniform(3, 12) * MIB;
    const largest = draw.uniform(170, 400) * MIB;
    const subtask = draw.int(0, node.parallelism - 1);
    const spec = withMuchState(job, node, bytes);
    const checkpoints = { ...spec.checkpoints, uploadBytesPerSecond: largest / draw.uniform(9, 25) };
    return {
      spec: thenBecomes(
        { ...spec, checkpoints },
        { vertices: { [node.name]: { large: { subtask, factor: largest / bytes } } } },
      ),
      // That its upload is long is as true.
      expect: { rule: this.rule, operator: node.name, subtasks: [subtask], alsoTrue: ['ckpt-async'] },
    };
  },
};

const isWide = ({ parallelism }: Node): boolean => parallelism >= 3;

export const checkpointFaults: readonly FaultKind[] = [slowStorage, slowSnapshot, expiring, largeKey];
