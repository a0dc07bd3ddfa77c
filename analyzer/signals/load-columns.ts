import type { SubtaskLoad } from './load.js';
import type { Counter, VertexWindow } from './vertex-window.js';

/** Figures of a subtask's load, with the counter that each comes of: shares of its time, then rates. */
const FIGURES = [
  ['busyRatio', 'busyMs'],
  ['idleRatio', 'idleMs'],
  ['backPressuredRatio', 'backPressuredMs'],
  ['recordsInPerSecond', 'recordsIn'],
  ['recordsOutPerSecond', 'recordsOut'],
  ['bytesInPerSecond', 'bytesIn'],
  ['bytesOutPerSecond', 'bytesOut'],
] as const satisfies readonly (readonly [keyof SubtaskLoad, Counter])[];
const SHARES = 3;

export type LoadFigure = (typeof FIGURES)[number][0];

/**
 * The load of the subtasks of one vertex, figure by figure, NaN where it is not known: a report holds it until the next
 * reading, and as objects those of a fleet's million subtasks would be 200 MB.
 */
export class LoadColumns {
  readonly #numbers: readonly number[];
  readonly #taskManagerIds: readonly (string | undefined)[];
  readonly #coveredMs: Float64Array;
  readonly #columns: readonly Float64Array[];

  constructor(window: VertexWindow) {
    const clock = window.clockMs();
    this.#numbers = Array.from(clock.keys()).filter(
      (subtask) => !Number.isNaN(clock[subtask]) && window.isEnough(subtask),
    );
    this.#taskManagerIds = this.#numbers.map((subtask) => window.taskManagerId(subtask));
    this.#coveredMs = Float64Array.from(this.#numbers, (subtask) => window.coveredMs(subtask));
    this.#columns = FIGURES.map(([, counter], figure) => {
      const grown = window.growth(counter);
      const column = new Float64Array(this.#numbers.length);
      this.#numbers.forEach((subtask, i) => {
        const perMs = (grown[subtask] ?? Number.NaN) / (clock[subtask] ?? Number.NaN);
        column[i] = figure < SHARES ? Math.min(1, perMs) : perMs * 1000;
      });
      return column;
    });
  }

  get length(): number {
    return this.#numbers.length;
  }

  /** The values that are known. */
  known(figure: LoadFigure): readonly number[] {
    const values: number[] = [];
    for (const value of this.#column(figure)) if (!Number.isNaN(value)) values.push(value);
    return values;
  }

  /** Made anew for everybody who asks. */
  toLoads(): readonly SubtaskLoad[] {
    return this.#numbers.map((subtask, i) => {
      const load: { -readonly [K in keyof SubtaskLoad]: SubtaskLoad[K] } = {
        subtask,
        coveredMs: this.#coveredMs[i] ?? 0,
      };
      const taskManagerId = this.#taskManagerIds[i];
      if (taskManagerId !== undefined) load.taskManagerId = taskManagerId;
      FIGURES.forEach(([name], figure) => {
        const value = this.#columns[figure]?.[i];
        if (value !== undefined && !Number.isNaN(value)) load[name] = value;
      });
      return load;
    });
  }

  /** Tasks on each TaskManager, and their busy ratios added up. */
  byTaskManager(): ReadonlyMap<string, Readonly<BusyHere>> {
    const places = new Map<string, BusyHere>();
    const busy = this.#column('busyRatio');
    this.#taskManagerIds.forEach((taskManagerId, i) => {
      if (taskManagerId === undefined) return;
      const here = places.get(taskManagerId) ?? { tasks: 0, busySum: 0 };
      places.set(taskManagerId, here);
      here.tasks += 1;
      here.busySum += Number.isNaN(busy[i]) ? 0 : (busy[i] ?? 0);
    });
    return places;
  }

  #column(figure: LoadFigure): Float64Array {
    return this.#columns[FIGURES.findIndex(([name]) => name === figure)] ?? new Float64Array(0);
  }
}

export interface BusyHere {
  tasks: number;
  busySum: number;
}
