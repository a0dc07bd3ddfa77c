import type { BufferRules } from './buffer-rules.js';
import { checkPool, gateBuffers, partitionBuffers, type End, type TaskEnds } from './task-buffers.js';

/** The buffers of a TaskManager (`NetworkBufferPool`). */
export interface BufferPool {
  readonly buffers: number;
  readonly segmentBytes: number;
}

/** How far tasks got that are set up one after the other. */
export interface SetUp {
  /** Tasks that got what they require. */
  readonly tasks: number;
  /** Why the next one did not, in Flink's words: its `IOException`. Undefined: all got theirs. */
  readonly insufficient?: string;
}

/**
 * Sets up tasks as `Task` does, partitions before gates, with every channel remote.
 *
 * @throws Refusal where Flink would refuse to make a pool, however many buffers there are
 */
export function setUpTasks(tasks: readonly TaskEnds[], pool: BufferPool, rules: BufferRules): SetUp {
  let taken = 0;
  for (const [index, task] of tasks.entries()) {
    for (const { required, max } of requestsOf(task, rules)) {
      const available = pool.buffers - taken;
      if (required > available) return { tasks: index, insufficient: insufficient(required, available, pool) };
      checkPool(required, max);
      taken += required;
    }
  }
  return { tasks: tasks.length };
}

interface Request {
  readonly required: number;
  readonly max: number;
}

/** What a task asks the pool for, in order: a pool for each partition, then for each gate, and each channel's own. */
function requestsOf({ partitions, gates }: TaskEnds, rules: BufferRules): readonly Request[] {
  return [
    ...partitions.map((end) => partitionBuffers(end, rules)),
    ...gates.flatMap((end) => gateRequests(end, rules)),
  ];
}

function gateRequests(end: End, rules: BufferRules): readonly Request[] {
  const { requiredFloating, floatingMax, exclusivePerRemoteChannel: exclusive } = gateBuffers(end, rules);
  const channel = { required: exclusive, max: exclusive };
  return [{ required: requiredFloating, max: floatingMax }, ...Array.from({ length: end[1] }, () => channel)];
}

const insufficient = (required: number, available: number, { buffers, segmentBytes }: BufferPool): string =>
  `Insufficient number of network buffers: required ${required}, but only ${available} available. ` +
  `The total number of network buffers is currently set to ${buffers} of ${segmentBytes} bytes each. ` +
  "You can increase this number by setting the configuration keys 'taskmanager.memory.network.fraction', " +
  "'taskmanager.memory.network.min', and 'taskmanager.memory.network.max'.";
