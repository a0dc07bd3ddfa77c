import type { SubtaskFigures } from '../../contract.ts';

export interface StripBar {
  subtask: number;
  x: number;
  width: number;
  y: number;
  height: number;
  value: number | undefined;
  isNamed: boolean;
}

const BAR_MAX_PX = 28;

/** One bar per subtask, full height = busy all the time. */
export function subtaskStrip(
  subtasks: readonly Pick<SubtaskFigures, 'subtask' | 'busyRatio'>[],
  named: readonly number[],
  width: number,
  height: number,
): StripBar[] {
  const step = Math.min(BAR_MAX_PX, width / Math.max(1, subtasks.length));
  const gap = step > 6 ? 2 : step > 3 ? 1 : 0;
  return [...subtasks]
    .sort((a, b) => a.subtask - b.subtask)
    .map(({ subtask, busyRatio }, index) => {
      const tall = Math.max(2, Math.min(1, busyRatio ?? 0) * height);
      return {
        subtask,
        x: index * step,
        width: Math.max(1, step - gap),
        y: height - tall,
        height: tall,
        value: busyRatio,
        isNamed: named.includes(subtask),
      };
    });
}
