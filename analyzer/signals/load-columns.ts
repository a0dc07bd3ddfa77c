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
    const numbers: number[] = [];
    for (let subtask = 0; subtask < window.width; subtask += 1)
      if (!Number.isNaN(clock[subtask]) && window.isEnough(subtask)) numbers.push(subtask);
    this.#numbers = numbers;
    this.#taskManagerIds = numbers.map((subtask) => window.taskManagerId(subtask));
    const cells = noCells((FIGURES.length + 1) * numbers.length);
    let at = 0;
    FIGURES.forEach(([, counter], figure) => {
      const grown = window.growth(counter);
      for (const subtask of numbers) {
        const perMs = (grown[subtask] ?? Number.NaN) / (clock[subtask] ?? Number.NaN);
        cells[at] = figure < SHARES ? Math.min(1, perMs) : perMs * 1000;
        at += 1;
      }
    });
    for (const subtask of numbers) {
      cells[at] = window.coveredMs(subtask);
      at += 1;
    }
    this.#cells = cells;
  }

  get length(): number {
    return this.#numbers.length;
  }

  /** Of the values that are known. */
  totalOf(figure: LoadFigure): Total {
    const [cells, start] = [this.#cells, this.#start(nthOf(figure))];
    const total = { count: 0, sum: 0, max: -Infinity };
    for (let i = start; i < start + this.length; i += 1) {
      const value = cells[i] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      total.count += 1;
      total.sum += value;
      if (value > total.max) total.max = value;
    }
    return total;
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
      let here = places.get(taskManagerId);
      if (here === undefined) places.set(taskManagerId, (here = { tasks: 0, busySum: 0 }));
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

export interface Total {
  readonly count: number;
  readonly sum: number;
  /** -Infinity where none is known. */
  readonly max: number;
}

export interface BusyHere {
  tasks: number;
  busySum: number;
}
