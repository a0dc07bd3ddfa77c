import type { EdgeSpec } from './spec.js';
import type { VertexState } from './vertex-sim.js';

/** Moves event time on after a step: readers by what they emitted, all others to the lowest of their inputs. */
export function advanceEventTime(
  order: readonly VertexState[],
  inputsOf: ReadonlyMap<string, readonly { readonly edge: EdgeSpec; readonly vertex: VertexState }[]>,
  nowMs: number,
): void {
  for (const { spec, subtasks } of order) {
    const delayMs = spec.source?.eventTimeDelayMs;
    if (spec.source !== undefined) {
      if (delayMs === undefined) continue;
      for (const reader of subtasks) {
        // What waits longest was made that long ago.
        if (reader.perSecond > 0) reader.watermarkMs = nowMs - delayMs - (reader.pending / reader.perSecond) * 1000;
      }
      continue;
    }
    const inputs = inputsOf.get(spec.name) ?? [];
    const common = lowest(
      inputs.flatMap(({ edge, vertex }) =>
        edge.ship === 'FORWARD' ? [] : vertex.subtasks.map((one) => one.watermarkMs),
      ),
    );
    const forward = inputs.filter(({ edge }) => edge.ship === 'FORWARD');
    subtasks.forEach((subtask, i) => {
      const [time] = lowest([...common, ...forward.map(({ vertex }) => vertex.subtasks[i]?.watermarkMs)]);
      subtask.isMoving = time !== undefined && time > (subtask.watermarkMs ?? -Infinity);
      if (subtask.isMoving) subtask.watermarkMs = time;
    });
  }
}

/** None where there is none; an input without event time yet holds all of them at its beginning. */
function lowest(times: readonly (number | undefined)[]): readonly (number | undefined)[] {
  if (times.length === 0) return [];
  let least: number | undefined = Infinity;
  for (const time of times) {
    if (time === undefined) return [undefined];
    least = Math.min(least, time);
  }
  return [least];
}
