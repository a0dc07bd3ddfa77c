import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CheckpointSubtask } from '../model/index.js';
import { tellingSubtasks } from './telling-subtasks.js';

const ms = fc.integer({ min: 0, max: 50 });
const subtask = fc.record(
  { acknowledged: fc.constant(true), ackMs: ms, endToEndMs: ms, startDelayMs: ms, alignmentMs: ms, syncMs: ms, asyncMs: ms, stateSizeBytes: ms }, // prettier-ignore
  { requiredKeys: ['acknowledged'] },
);
const missing = fc.constant({ acknowledged: false });
const details = fc
  .array(fc.array(fc.oneof({ weight: 5, arbitrary: subtask }, { weight: 1, arbitrary: missing }), { minLength: 1 }), {
    minLength: 1,
    maxLength: 4,
  })
  .map((vertices) =>
    vertices.flatMap(
      (subtasks, v) => subtasks.map((one, i) => ({ vertexId: `v${v}`, subtask: i, ...one }) as CheckpointSubtask), // With no key undefined.
    ),
  );

const highest = (among: readonly CheckpointSubtask[], key: keyof CheckpointSubtask): CheckpointSubtask | undefined =>
  among
    .filter(({ acknowledged }) => acknowledged)
    .reduce<CheckpointSubtask | undefined>(
      (most, one) => (most === undefined || Number(one[key] ?? 0) > Number(most[key] ?? 0) ? one : most),
      undefined,
    );

describe('the telling subtasks of a checkpoint', () => {
  it.each(['ackMs', 'endToEndMs', 'startDelayMs', 'alignmentMs', 'syncMs', 'asyncMs', 'stateSizeBytes'] as const)(
    'hold the first with the highest %s, over all and of each vertex',
    (key) => {
      fc.assert(
        fc.property(details, (all) => {
          const telling = tellingSubtasks(all);
          expect(highest(telling, key)).toBe(highest(all, key));
          for (const vertexId of new Set(all.map((one) => one.vertexId))) {
            const of = (list: readonly CheckpointSubtask[]): readonly CheckpointSubtask[] =>
              list.filter((one) => one.vertexId === vertexId);
            expect(highest(of(telling), key)).toBe(highest(of(all), key));
          }
        }),
      );
    },
  );

  it('hold one of each vertex that has not acknowledged, where there is one', () => {
    fc.assert(
      fc.property(details, (all) => {
        const without = (list: readonly CheckpointSubtask[]): readonly string[] => [
          ...new Set(list.filter(({ acknowledged }) => !acknowledged).map(({ vertexId }) => vertexId)),
        ];
        expect(without(tellingSubtasks(all))).toEqual(without(all));
      }),
    );
  });

  it('are at most ten of a vertex, in the order they came', () => {
    fc.assert(
      fc.property(details, (all) => {
        const telling = tellingSubtasks(all);
        expect(telling).toEqual(all.filter((one) => telling.includes(one)));
        for (const vertexId of new Set(all.map((one) => one.vertexId)))
          expect(telling.filter((one) => one.vertexId === vertexId).length).toBeLessThanOrEqual(10);
      }),
    );
  });
});
