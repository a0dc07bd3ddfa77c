import { FIGURE_AT, cellIn, type Figure, type Frame, type Phase, type SampleView } from './frames.js';
import type { TaskState } from './job.js';

/** One subtask of a frame, seen as a sample; undefined where the frame does not have it. */
export function rowIn(frame: Frame, subtask: number): SampleView | undefined {
  const phase = frame.phases[subtask];
  return phase === undefined ? undefined : new FrameRow(frame, phase, subtask);
}

/** Its figures stay where they are: as an object of its own each would be 16 bytes more, for one look. */
class FrameRow implements SampleView {
  readonly #frame: Frame;
  readonly #phase: Phase;
  readonly #subtask: number;

  constructor(frame: Frame, phase: Phase, subtask: number) {
    this.#frame = frame;
    this.#phase = phase;
    this.#subtask = subtask;
  }

  get atMs(): number {
    return this.#frame.atMs;
  }

  get state(): TaskState {
    return this.#phase.state;
  }

  get attempt(): number {
    return this.#phase.attempt;
  }

  get startMs(): number | undefined {
    return this.#phase.startMs;
  }

  get runningSinceMs(): number | undefined {
    return this.#phase.runningSinceMs;
  }

  get taskManagerId(): string | undefined {
    return this.#phase.taskManagerId;
  }

  get busyMs(): number | undefined {
    return this.#figure('busyMs');
  }

  get idleMs(): number | undefined {
    return this.#figure('idleMs');
  }

  get backPressuredMs(): number | undefined {
    return this.#figure('backPressuredMs');
  }

  get recordsIn(): number | undefined {
    return this.#figure('recordsIn');
  }

  get recordsOut(): number | undefined {
    return this.#figure('recordsOut');
  }

  get bytesIn(): number | undefined {
    return this.#figure('bytesIn');
  }

  get bytesOut(): number | undefined {
    return this.#figure('bytesOut');
  }

  get watermarkMs(): number | undefined {
    return this.#figure('watermarkMs');
  }

  get pendingRecords(): number | undefined {
    return this.#figure('pendingRecords');
  }

  #figure(figure: Figure): number | undefined {
    return cellIn(this.#frame, FIGURE_AT[figure], this.#subtask);
  }
}
