import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parseFlinkVersion } from '../../../collector/index.js';
import type { Configuration } from '../values/configuration.js';
import { attempt } from '../values/refusal.js';
import { setUpTasks } from './buffer-pool.js';
import { bufferRules } from './buffer-rules.js';
import { taskBuffers, type TaskEnds } from './task-buffers.js';

interface Vectors<Case> {
  readonly versions: readonly string[];
  readonly cases: readonly (Case & {
    readonly config: Configuration;
    readonly out: unknown;
    readonly by?: Readonly<Record<string, unknown>>;
  })[];
}
interface Pool {
  readonly buffers: number;
  readonly segmentBytes: number;
  readonly tasks: readonly TaskEnds[];
}
// The files are ours (fixtures/README.md): their shape is known.
const read = <Case>(name: string): Vectors<Case> =>
  JSON.parse(readFileSync(new URL(`../../fixtures/${name}`, import.meta.url), 'utf8')) as Vectors<Case>;
const ofTasks = read<TaskEnds>('network-task-buffers.json');
const ofPools = read<Pool>('network-pool-exhaustion.json');

const orUnbounded = (buffers: number): number | string => (buffers === Infinity ? 'unbounded' : buffers);

function wrongOf<Case>(vectors: Vectors<Case>, version: string, outOf: (one: Case, config: Configuration) => unknown) {
  return vectors.cases.flatMap((one) => {
    const answer = attempt(() => outOf(one, one.config));
    const got = answer.ok ? answer.value : { error: answer.refused };
    const expected = one.by?.[version] ?? one.out;
    return isDeepStrictEqual(got, expected) ? [] : [{ one, got, expected }];
  });
}

describe.each(ofTasks.versions)('as the classes of Flink %s, to the buffer and error for error', (version) => {
  it('buffers of a subtask', () => {
    const wrong = wrongOf(ofTasks, version, (ends, config) => {
      const { gates, partitions, ...all } = taskBuffers(ends, bufferRules(config, parseFlinkVersion(version)));
      return {
        gates: gates.map((gate) => [gate.requiredFloating, gate.floatingMax, gate.exclusivePerRemoteChannel]),
        partitions: partitions.map(({ required, max }) => [required, orUnbounded(max)]),
        required: all.required,
        target: orUnbounded(all.target),
        announced: all.announced === undefined ? null : orUnbounded(all.announced),
      };
    });
    expect(wrong.slice(0, 5)).toEqual([]);
    expect(ofTasks.cases.length).toBeGreaterThan(500);
  });

  it('tasks until a pool is exhausted', () => {
    const wrong = wrongOf(ofPools, version, (pool, config) => {
      const { tasks, insufficient } = setUpTasks(pool.tasks, pool, bufferRules(config, parseFlinkVersion(version)));
      return insufficient === undefined ? { ok: true, tasks } : { ok: false, tasks, message: insufficient };
    });
    expect(wrong.slice(0, 5)).toEqual([]);
    expect(ofPools.cases.length).toBeGreaterThan(170);
  });
});

describe('what the vectors do not have', () => {
  it.each([
    ['read-buffer.required-per-gate.max', '0', '1.17.2', 'At least one buffer is required for each gate'],
    ['floating-buffers-per-gate', 'few', '1.20.3', "Could not parse value 'few'"],
    ['buffers-per-channel', '', '1.13.6', "Could not parse value ''"],
  ])('refuses %s: %s', (name, value, flink, words) => {
    const config = { [`taskmanager.network.memory.${name}`]: value };
    const answer = attempt(() => bufferRules(config, parseFlinkVersion(flink)));
    expect(answer.ok ? '' : answer.refused[0]?.[1]).toContain(words);
  });

  it('sorts batch partitions by default from 1.15 on', () => {
    const required = (flink: string): number =>
      taskBuffers({ gates: [], partitions: [['BLOCKING', 20]] }, bufferRules({}, parseFlinkVersion(flink))).required;
    expect([required('1.14.6'), required('1.15.4')]).toEqual([21, 512]);
  });
});
