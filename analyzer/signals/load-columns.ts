import { noCells, type Cells } from '../../collector/model/index.js';
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
/** The column after those of the figures. */
const COVERED_MS = FIGURES.length;

export type LoadFigure = (typeof FIGURES)[number][0];

/**
 * The load of the subtasks of one vertex, figure by figure, NaN where it is not known: a report holds it until the next
 * reading, and as objects those of a fleet's million subtasks would be 200 MB.
 */
export class LoadColumns {
  readonly #numbers: readonly number[];
  readonly #taskManagerIds: readonly (string | undefined)[];
  /** Column after column, a cell per subtask: of each figure, and the time covered. */
  readonly #cells: Cells;

  constructor(window: VertexWindow) {
    const clock = window.clockMs();
    this.#numbers = Array.from(clock.keys()).filter(
      (subtask) => !Number.isNaN(clock[subtask]) && window.isEnough(subtask),
    );
    this.#taskManagerIds = this.#numbers.map((subtask) => window.taskManagerId(subtask));
    this.#cells = noCells((FIGURES.length + 1) * this.#numbers.length);
    FIGURES.forEach(([, counter], figure) => {
      const grown = window.growth(counter);
      this.#numbers.forEach((subtask, i) => {
        const perMs = (grown[subtask] ?? Number.NaN) / (clock[subtask] ?? Number.NaN);
        this.#cells[this.#start(figure) + i] = figure < SHARES ? Math.min(1, perMs) : perMs * 1000;
      });
    });
    this.#numbers.forEach((subtask, i) => {
      this.#cells[this.#start(COVERED_MS) + i] = window.coveredMs(subtask);
    });
  }

  get length(): number {
    return this.#numbers.length;
  }

  /** The values that are known. */
  known(figure: LoadFigure): readonly number[] {
    const values: number[] = [];
    const nth = nthOf(figure);
    for (let i = 0; i < this.length; i += 1) {
      const value = this.#cell(nth, i);
      if (!Number.isNaN(value)) values.push(value);
    }
    return values;
  }

  /** Made anew for everybody who asks. */
  toLoads(): readonly SubtaskLoad[] {
    return this.#numbers.map((subtask, i) => {
      const load: { -readonly [K in keyof SubtaskLoad]: SubtaskLoad[K] } = {
        subtask,
        coveredMs: this.#cell(COVERED_MS, i),
      };
      const taskManagerId = this.#taskManagerIds[i];
      if (taskManagerId !== undefined) load.taskManagerId = taskManagerId;
      FIGURES.forEach(([name], figure) => {
        const value = this.#cell(figure, i);
        if (!Number.isNaN(value)) load[name] = value;
      });
      return load;
    });
  }

  /** Tasks on each TaskManager, and their busy ratios added up. */
  byTaskManager(): ReadonlyMap<string, Readonly<BusyHere>> {
    const places = new Map<string, BusyHere>();
    const busy = nthOf('busyRatio');
    this.#taskManagerIds.forEach((taskManagerId, i) => {
      if (taskManagerId === undefined) return;
      const here = places.get(taskManagerId) ?? { tasks: 0, busySum: 0 };
      places.set(taskManagerId, here);
      here.tasks += 1;
      const ratio = this.#cell(busy, i);
      here.busySum += Number.isNaN(ratio) ? 0 : ratio;
    });
    return places;
  }

  #start(figure: number): number {
    return figure * this.#numbers.length;
  }

  #cell(figure: number, i: number): number {
    return this.#cells[this.#start(figure) + i] ?? Number.NaN;
  }
}

const nthOf = (figure: LoadFigure): number => FIGURES.findIndex(([name]) => name === figure);

export interface BusyHere {
  tasks: number;
  busySum: number;
}
