import { describe, expect, it } from 'vitest';
import { historyOf, redeployed, START_MS, type JobSpec } from '../testing/job-builder.js';
import { must } from '../testing/must.js';
import { scaleOutWasFutile } from './scale-outs.js';

/** A sink of so many subtasks that serves so much in all, for so many ten-second readings. */
const era = (parallelism: number, perSecond: number, startMs: number, samples = 18): JobSpec => ({
  startMs,
  samples,
  vertices: { sink: { parallelism, busy: 1, in: perSecond / parallelism } },
});
const futile = (first: JobSpec, second: JobSpec): boolean =>
  scaleOutWasFutile(must(redeployed(historyOf(first), historyOf(second)).vertices[0]));
const LATER = START_MS + 200_000;

describe('scaleOutWasFutile', () => {
  const table: readonly (readonly [string, JobSpec, JobSpec, boolean])[] = [
    ['Z05: two subtasks served 320/s, four serve 278', era(2, 320, START_MS), era(4, 278, LATER), true],
    ['less than a tenth of the hoped gain', era(2, 320, START_MS), era(4, 345, LATER), true],
    ['more than a tenth', era(2, 320, START_MS), era(4, 360, LATER), false],
    ['Z07: it doubled', era(2, 400, START_MS), era(4, 800, LATER), false],
    ['a scale-in is no scale-out', era(4, 320, START_MS), era(2, 320, LATER), false],
    ['a restart at the same width is none', era(2, 320, START_MS), era(2, 320, LATER), false],
    ['twenty seconds are too short to tell', era(2, 320, START_MS, 2), era(4, 278, LATER), false],
  ];
  it.each(table)('%s', (_claim, first, second, answer) => {
    expect(futile(first, second)).toBe(answer);
  });

  it('knows nothing of a vertex that was never changed', () => {
    expect(scaleOutWasFutile(must(historyOf(era(2, 320, START_MS)).vertices[0]))).toBe(false);
  });

  it('is seen with a new attempt number too', () => {
    expect(futile(era(2, 320, START_MS), { ...era(4, 278, LATER), attempt: 1 })).toBe(true);
  });

  it('is seen where the new subtasks begin with attempt 0 beside others in their second, and tell no records at first', () => {
    const both = redeployed(historyOf(era(2, 320, START_MS)), historyOf({ ...era(4, 278, LATER), attempt: 1 }));
    const vertex = must(both.vertices[0]);
    const inPlace = vertex.subtasks.map(({ subtask, samples }) => ({
      subtask,
      samples: samples.map((sample, i) => {
        const { recordsIn, ...silent } = sample;
        const told = i === 0 || recordsIn === undefined ? silent : { ...silent, recordsIn };
        return subtask >= 2 ? { ...told, attempt: 0 } : told;
      }),
    }));
    expect(scaleOutWasFutile({ ...vertex, subtasks: inPlace })).toBe(true);
  });
});
