import { keyShares, HOT_KEY } from '../../../sim/model/keys.js';
import type { JobSpec } from '../../../sim/model/spec.js';
import { defaultMaxParallelism, groupsPerSubtask, subtaskOfHash } from '../../../testbed/key-groups.js';
import type { Draw } from '../draw.js';
import {
  faultyJob,
  operatorOf,
  serviceFor,
  thenBecomes,
  withSlots,
  withNode,
  withVertex,
  workOf,
  type FaultKind,
} from '../fault.js';
import type { CalmJob } from '../calm-job.js';
import type { Node, Shape } from '../topology.js';

/** What the fullest subtask wants of its time. */
const overfull = (draw: Draw): number => draw.uniform(1.3, 2);
/** The same where the others, with half of it, must still have time to spare. */
const twiceTheOthers = (draw: Draw): number => draw.uniform(1.15, 1.35);
const CALM = { busyMax: 0.3 };

/** Some operator of the drawn job becomes the one with the fault: `mark` makes it so and known again. */
function withKeyed(draw: Draw, own: (node: Node) => Partial<Node> | undefined) {
  return (shape: Shape): Shape | undefined => {
    const node = draw.pick(workOf(shape));
    const changed = own(node);
    return changed === undefined ? undefined : withNode(shape, node, { keyed: true, ...changed });
  };
}

/** The name of the one operator that was changed last. */
function keyedJob(
  draw: Draw,
  name: string,
  own: (node: Node) => Partial<Node> | undefined,
): { readonly job: CalmJob; readonly node: Node } {
  let changed = '';
  const job = faultyJob(draw, name, {
    ...CALM,
    reshape: withKeyed(draw, (node) => {
      changed = node.name;
      return own(node);
    }),
  });
  const node = job.nodes.find((one) => one.name === changed);
  if (node === undefined) throw new Error(`${name}: no operator ${changed}`);
  return { job, node };
}

const wideEnough =
  (least: number, most = Infinity) =>
  ({ parallelism }: Node): Partial<Node> | undefined =>
    parallelism >= least && parallelism <= most ? {} : undefined;

const hotKey: FaultKind = {
  id: 'hot-key',
  title: 'one key has more records than a subtask can work off',
  rule: 'skew-hot-key',
  draw(draw, name) {
    const { job, node } = keyedJob(draw, name, wideEnough(3));
    const { parallelism } = node;
    const [hot, others] = [overfull(draw), draw.uniform(0.1, 0.35)];
    const all = others * parallelism + (hot - others);
    const share = (hot - others) / all;
    const spec = withVertex(job.spec, node.name, {
      serviceMs: serviceFor(job, node, all / parallelism),
      keys: { kind: 'hot', count: 2000 * parallelism, share },
    });
    const subtask = subtaskOfHash(HOT_KEY, defaultMaxParallelism(parallelism), parallelism);
    return { spec, expect: { rule: this.rule, operator: node.name, subtasks: [subtask] } };
  },
};

const fewKeys: FaultKind = {
  id: 'few-keys',
  title: 'there are hardly more keys than subtasks: some have none, some several',
  rule: 'skew-low-cardinality',
  draw(draw, name) {
    const { job, node } = keyedJob(draw, name, wideEnough(3, 24));
    const { parallelism } = node;
    const count = fewKeysFor(draw, parallelism);
    const shares = keyShares({ kind: 'uniform', count }, parallelism, defaultMaxParallelism(parallelism));
    const most = Math.max(...shares);
    const spec = withVertex(job.spec, node.name, {
      serviceMs: serviceFor(job, node, overfull(draw) / most / parallelism),
      keys: { kind: 'uniform', count },
    });
    const subtasks = shares.flatMap((share, subtask) => (share > 0.99 * most ? [subtask] : []));
    return { spec, expect: { rule: this.rule, operator: node.name, subtasks } };
  },
};

/** Keys of which at least one subtask gets none, and those with most get twice as many as the others. */
function fewKeysFor(draw: Draw, parallelism: number): number {
  const fit = Array.from({ length: parallelism }, (_, i) => parallelism + i).filter((count) => {
    const shares = keyShares({ kind: 'uniform', count }, parallelism, defaultMaxParallelism(parallelism));
    const most = Math.max(...shares);
    const others = shares.filter((share) => share < 0.99 * most);
    return Math.min(...shares) === 0 && others.length >= parallelism / 2 && others.every((share) => share < 0.7 * most);
  });
  return draw.pick(fit.length === 0 ? [parallelism] : fit);
}

/** Parallelism and key groups: some subtasks own half again as many as the mean. */
const UNEVEN_GROUPS = new Map([
  [3, 4],
  [4, 6],
  [6, 8],
  [8, 12],
  [12, 16],
  [16, 24],
  [24, 32],
  [48, 64],
]);

const keyGroups: FaultKind = {
  id: 'key-groups',
  title: 'the parallelism does not divide the key groups: some subtasks own twice as many as others',
  rule: 'skew-keygroup',
  draw(draw, name) {
    const { job, node } = keyedJob(draw, name, ({ parallelism }) => {
      const maxParallelism = UNEVEN_GROUPS.get(parallelism);
      return maxParallelism === undefined ? undefined : { maxParallelism };
    });
    const groups = groupsPerSubtask(node.maxParallelism ?? 1, node.parallelism);
    const most = Math.max(...groups);
    const perGroup = twiceTheOthers(draw) / most;
    const spec = withVertex(job.spec, node.name, {
      serviceMs: serviceFor(job, node, (perGroup * (node.maxParallelism ?? 1)) / node.parallelism),
    });
    const subtasks = groups.flatMap((count, subtask) => (count === most ? [subtask] : []));
    return { spec, expect: { rule: this.rule, operator: node.name, subtasks } };
  },
};

const dearKeys: FaultKind = {
  id: 'dear-keys',
  title: 'records are even, but those of one subtask cost several times as much',
  rule: 'skew-processing-cost',
  draw(draw, name) {
    const isWide = ({ parallelism }: Node): boolean => parallelism >= 3;
    const job = faultyJob(draw, name, {
      ...CALM,
      reshape: (shape) => (workOf(shape, isWide).length > 0 ? shape : undefined),
    });
    const node = draw.pick(workOf(job, isWide));
    const slots = 2;
    // Beside one with ordinary records on the same machine: alone on it, it could be the machine as well.
    const subtask = draw.int(0, 2 * Math.floor(node.parallelism / slots) - 1);
    const [dear, others] = [overfull(draw), draw.uniform(0.2, 0.35)];
    const numbers = { serviceMs: serviceFor(job, node, others), dear: { subtask, factor: dear / others } };
    const spec = thenBecomes(job.spec, { vertices: { [node.name]: numbers } });
    const taskManagers = withSlots(job, slots);
    return { spec: { ...spec, taskManagers }, expect: { rule: this.rule, operator: node.name, subtasks: [subtask] } };
  },
};

/** The source and an operator that works on what each reader reads, and on nothing else. */
function forwardPair({ nodes, edges }: Pick<Shape, 'nodes' | 'edges'>): readonly [Node, Node] | undefined {
  const source = nodes.find(({ name }) => name === 'Source: in0');
  const [first, ...others] = edges.filter(({ from }) => from === source?.name);
  const work = nodes.find(({ name }) => name === first?.to);
  if (source === undefined || work?.role !== 'work' || others.length > 0 || source.parallelism < 3) return undefined;
  return edges.filter(({ to }) => to === work.name).length === 1 ? [source, work] : undefined;
}

function readerJob(draw: Draw, name: string): { readonly job: CalmJob; readonly source: Node; readonly work: Node } {
  const job = faultyJob(draw, name, {
    ...CALM,
    reshape(shape) {
      const pair = forwardPair(shape);
      if (pair === undefined) return undefined;
      const [source, work] = pair;
      const { nodes, edges } = withNode(shape, work, { keyed: false, parallelism: source.parallelism });
      return { nodes, edges: edges.map((edge) => (edge.to === work.name ? { ...edge, ship: 'FORWARD' } : edge)) };
    },
  });
  const [source, work] = forwardPair({ nodes: job.nodes, edges: job.spec.edges }) ?? [];
  if (source === undefined || work === undefined) throw new Error(`${name}: no source with work of its own`);
  return { job, source, work };
}

/** Partitions of a source, and work behind it of which the fullest subtask wants too much. */
function withPartitions(
  { job, source, work }: ReturnType<typeof readerJob>,
  partitions: readonly number[],
  wanted: number,
): JobSpec {
  const shares = Array.from({ length: source.parallelism }, (_, reader) =>
    partitions.reduce((sum, rate, i) => sum + (i % source.parallelism === reader ? rate : 0), 0),
  );
  const fullest = (Math.max(...shares) * source.parallelism) / shares.reduce((sum, share) => sum + share, 0);
  const numbers = job.spec.vertices.find(({ name }) => name === source.name)?.source;
  const readers = {
    serviceMs: serviceFor(job, source, 0.03),
    ...(numbers === undefined ? {} : { source: { ...numbers, partitions } }),
  };
  const worked = withVertex(job.spec, work.name, { serviceMs: serviceFor(job, work, wanted / fullest) });
  return withVertex(worked, source.name, readers);
}

const heavyPartition: FaultKind = {
  id: 'heavy-partition',
  title: 'one partition carries many times the records of the others',
  rule: 'skew-source-content',
  draw(draw, name) {
    const found = readerJob(draw, name);
    const heavy = draw.int(0, found.source.parallelism - 1);
    const factor = draw.uniform(4, 9);
    const partitions = Array.from({ length: found.source.parallelism }, (_, i) => (i === heavy ? factor : 1));
    const expect = { rule: this.rule, operator: operatorOf(found.source.name), subtasks: [heavy] };
    return { spec: withPartitions(found, partitions, overfull(draw)), expect };
  },
};

const unevenAssignment: FaultKind = {
  id: 'uneven-assignment',
  title: 'some readers have two of the equal partitions, the others one',
  rule: 'skew-source-assignment',
  draw(draw, name) {
    const found = readerJob(draw, name);
    const { parallelism } = found.source;
    const twice = draw.int(1, Math.max(1, Math.floor(parallelism / 2)));
    const partitions = new Array<number>(parallelism + twice).fill(1);
    const subtasks = Array.from({ length: twice }, (_, i) => i);
    const expect = { rule: this.rule, operator: operatorOf(found.source.name), subtasks };
    return { spec: withPartitions(found, partitions, twiceTheOthers(draw)), expect };
  },
};

export const skewFaults: readonly FaultKind[] = [
  hotKey,
  fewKeys,
  keyGroups,
  dearKeys,
  heavyPartition,
  unevenAssignment,
];
