import { describe, expect, it } from 'vitest';
import type { Checkpoint, VertexSummary } from '../model/index.js';
import { checkpointOf } from '../testing/store-rows.js';
import { checkpointEvent, checkpointOptions, configurationText, failureEvent, rescaleEvent, rescaleText, withParallelisms } from './job-changes.js'; // prettier-ignore

const vertex = (vertexId: string, name: string, parallelism?: number): VertexSummary => ({
  vertexId,
  name,
  tasks: {},
  ...(parallelism === undefined ? {} : { parallelism }),
});

describe('a rescale', () => {
  const before = withParallelisms(new Map(), [vertex('a', 'src', 1), vertex('b', 'agg', 2)]);

  it.each<[string, readonly VertexSummary[], string | undefined]>([
    ['is none while all are as they were', [vertex('a', 'src', 1), vertex('b', 'agg', 2)], undefined],
    ['names what changed', [vertex('a', 'src', 1), vertex('b', 'agg', 4)], 'agg 2 → 4'],
    ['names all that changed', [vertex('a', 'src', 3), vertex('b', 'agg', 1)], 'src 1 → 3, agg 2 → 1'],
    ['is not known while a scheduler waits for slots', [vertex('b', 'agg')], undefined],
    ['is none of a vertex that is new', [vertex('c', 'new', 4)], undefined],
  ])('%s', (_claim, vertices, text) => {
    expect(rescaleText(before, vertices)).toBe(text);
  });

  it('is seen across the time in which the parallelism is not known', () => {
    expect(rescaleText(withParallelisms(before, [vertex('b', 'agg')]), [vertex('b', 'agg', 4)])).toBe('agg 2 → 4');
  });

  it('of many vertices says how many more there are, and cuts long names', () => {
    const many = Array.from({ length: 8 }, (_, i) => vertex(`v${i}`, 'x'.repeat(99), 1));
    const text = rescaleText(
      withParallelisms(new Map(), many),
      many.map((one) => ({ ...one, parallelism: 2 })),
    );
    expect(text).toMatch(/, \+3$/);
    expect(text?.length).toBeLessThan(400);
  });
});

describe('a rescale that did not come to pass', () => {
  const asked = { id: 'r', startMs: 1_000, endMs: 1_500, outcome: 'FAILED', cause: 'NEW_RESOURCE_AVAILABLE' };
  it.each([
    [
      'with an error is told',
      { ...asked, reason: 'EXCEPTION_OCCURRED' },
      'FAILED (NEW_RESOURCE_AVAILABLE: EXCEPTION_OCCURRED) after 500 ms',
    ],
    [
      'whose place another request took is no news',
      { ...asked, outcome: 'IGNORED', reason: 'RESOURCE_REQUIREMENTS_UPDATED' },
      undefined,
    ],
    ['is not one while it is under way', { id: 'r', startMs: 1_000, cause: 'NEW_RESOURCE_AVAILABLE' }, undefined],
    ['nor when it came to pass', { ...asked, outcome: 'COMPLETED', reason: 'SUCCEEDED' }, undefined],
  ] as const)('%s', (_claim, rescale, text) => {
    expect(rescaleEvent(rescale)?.text).toBe(text);
  });
});

describe('changed options', () => {
  it.each<[string, Record<string, string>, Record<string, string>, string | undefined]>([
    ['none', { a: '1' }, { a: '1' }, undefined],
    ['one', { a: '1', b: '1' }, { a: '1', b: '2' }, 'b: 1 → 2'],
    ['one that is new, one that is gone', { b: '1' }, { a: '1' }, 'a: – → 1, b: 1 → –'],
    [
      'a place',
      { 'jobmanager.rpc.port': '1', 'io.tmp.dirs': 'a' },
      { 'jobmanager.rpc.port': '2', 'io.tmp.dirs': 'b' },
      undefined,
    ],
    ["Flink's own", { '$internal.x': '1', 'internal.y': '1' }, {}, undefined],
    ['a secret stays masked', { 's3.secret-key': '******' }, { 's3.secret-key': '******' }, undefined],
  ])('%s', (_what, before, after, text) => {
    expect(configurationText(before, after)).toBe(text);
  });

  it('of checkpointing stand under the options that set them', () => {
    const config = { mode: 'exactly_once', timeoutMs: 600_000, minPauseMs: 0, maxConcurrent: 1, unaligned: false, externalized: false } as const; // prettier-ignore
    const text = configurationText(
      checkpointOptions({ ...config, intervalMs: 10_000 }),
      checkpointOptions({ ...config, intervalMs: 60_000, unaligned: true }),
    );
    expect(text).toBe(
      'execution.checkpointing.interval: 10000 → 60000, execution.checkpointing.unaligned.enabled: false → true',
    );
    expect(checkpointOptions(undefined)).toEqual({});
  });
});

describe('what ends', () => {
  const checkpoint = (more: Partial<Checkpoint>): Checkpoint => ({ ...checkpointOf(12, 1_000), ...more });

  it.each<[string, Partial<Checkpoint>, object | undefined]>([
    ['a completed checkpoint is no news', { status: 'COMPLETED', isSavepoint: false }, undefined],
    [
      'a savepoint is',
      { status: 'COMPLETED', isSavepoint: true, durationMs: 500 },
      { atMs: 1_500, kind: 'savepoint', text: '12' },
    ],
    [
      'a failed checkpoint says why and when',
      { status: 'FAILED', isSavepoint: false, failureMs: 9_000, failureMessage: 'Checkpoint expired.\n\tat x' },
      { atMs: 9_000, kind: 'checkpoint-failed', text: '12: Checkpoint expired.' },
    ],
    [
      'a failed savepoint',
      { status: 'FAILED', isSavepoint: true, failureMs: 9_000 },
      { atMs: 9_000, kind: 'savepoint-failed', text: '12' },
    ],
    ['one under way is not over', { status: 'IN_PROGRESS', isSavepoint: true }, undefined],
  ])('%s', (_claim, more, event) => {
    expect(checkpointEvent(checkpoint(more))).toEqual(event);
  });

  it('a failure is told once, by its first line', () => {
    const exception = {
      atMs: 5,
      exceptionName: 'java.io.IOException',
      stacktrace: 'java.io.IOException: disk\n\tat x',
    };
    expect(failureEvent({ ...exception, concurrent: false })).toEqual({
      atMs: 5,
      kind: 'failure',
      text: 'java.io.IOException: disk',
    });
    expect(failureEvent({ ...exception, concurrent: true })).toBeUndefined();
    expect(failureEvent({ ...exception, concurrent: false, stacktrace: '' })?.text).toBe('java.io.IOException');
  });
});
