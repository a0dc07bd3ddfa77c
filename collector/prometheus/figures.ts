import { meaningOf, plainName } from './reporter-names.js';

/** What the reporters said of one subtask: values by plain name, those of an operator as `<operator>_<metric>`. */
export interface TaskFigures {
  readonly attempt: number;
  /** Plain. */
  readonly taskManagerId: string;
  readonly atMs: number;
  readonly values: Map<string, number>;
}

/** Values by plain name. */
export interface ProcessFigures {
  readonly atMs: number;
  readonly values: Map<string, number>;
}

/** Labels by name; undefined for what could not be read as labels. */
export type Labels = ReadonlyMap<string, string> | undefined;

const taskKey = (jobId: string, vertexId: string): string => `${jobId}/${vertexId}`;

/** Everything that the reporters of one cluster said at about one time. */
export class ReporterFigures {
  readonly #tasks = new Map<string, Map<number, TaskFigures>>();
  readonly #operators = new Map<string, Set<string>>();
  readonly #jobs = new Map<string, ProcessFigures>();
  readonly #taskManagers = new Map<string, ProcessFigures>();
  readonly #jobManagers = new Map<string, ProcessFigures>();

  /**
   * Takes one series of `target`; those that Weir has no use for are nothing. False when the labels that say whose it is are
   * missing (`scope.variables.excludes`).
   */
  add(target: string, atMs: number, name: string, labels: Labels, value: number): boolean {
    const meaning = meaningOf(name);
    if (meaning === undefined) return true;
    const jobId = labels?.get('job_id');
    const taskManagerId = labels?.get('tm_id');
    switch (meaning.of) {
      case 'task':
      case 'operator': {
        const figures = labels === undefined ? undefined : this.#task(labels, atMs);
        const operator = meaning.of === 'task' ? '' : labels?.get('operator_name');
        if (labels === undefined || figures === undefined || operator === undefined) break;
        if (figures === OUTDATED) return true;
        if (operator === '') figures.values.set(meaning.metric, value);
        else this.#addOperator(labels, figures, plainName(operator), meaning.metric, value);
        return true;
      }
      case 'job':
        if (jobId === undefined) break;
        processOf(this.#jobs, jobId, atMs).values.set(meaning.metric, value);
        return true;
      case 'taskManager':
        if (taskManagerId === undefined) break;
        processOf(this.#taskManagers, plainName(taskManagerId), atMs).values.set(meaning.metric, value);
        return true;
      case 'jobManager':
        // A JobManager has no id among its labels: its target stands for it.
        processOf(this.#jobManagers, target, atMs).values.set(meaning.metric, value);
        return true;
    }
    return false;
  }

  /** Subtasks 0 to `parallelism` − 1; undefined unless all of them are there. */
  tasks(jobId: string, vertexId: string, parallelism: number): readonly TaskFigures[] | undefined {
    const found = this.#tasks.get(taskKey(jobId, vertexId));
    const wanted = Array.from({ length: parallelism }, (_, subtask) => found?.get(subtask) ?? []).flat();
    return parallelism === 0 || wanted.length < parallelism ? undefined : wanted;
  }

  /** `<operator>.<metric>` of all operators of a vertex, in plain names. */
  operatorIds(jobId: string, vertexId: string): readonly string[] {
    return [...(this.#operators.get(taskKey(jobId, vertexId)) ?? [])];
  }

  job(jobId: string): ProcessFigures | undefined {
    return this.#jobs.get(jobId);
  }

  taskManager(taskManagerId: string): ProcessFigures | undefined {
    return this.#taskManagers.get(plainName(taskManagerId));
  }

  /** Undefined with several of them: nothing in the text says which one leads. */
  jobManager(): ProcessFigures | undefined {
    return this.#jobManagers.size === 1 ? [...this.#jobManagers.values()][0] : undefined;
  }

  /** The figures of the attempt that the labels name; one that a later attempt has replaced is `OUTDATED`. */
  #task(labels: NonNullable<Labels>, atMs: number): TaskFigures | undefined {
    const [jobId, vertexId, taskManagerId] = [labels.get('job_id'), labels.get('task_id'), labels.get('tm_id')];
    const [subtask, attempt] = [wholeNumber(labels.get('subtask_index')), wholeNumber(labels.get('task_attempt_num'))];
    if (jobId === undefined || vertexId === undefined || taskManagerId === undefined) return undefined;
    if (subtask === undefined || attempt === undefined) return undefined;
    const key = taskKey(jobId, vertexId);
    const subtasks = this.#tasks.get(key) ?? new Map<number, TaskFigures>();
    this.#tasks.set(key, subtasks);
    const known = subtasks.get(subtask);
    if (known !== undefined && known.attempt > attempt) return OUTDATED;
    if (known?.attempt === attempt) return known;
    const figures = { attempt, taskManagerId: plainName(taskManagerId), atMs, values: new Map<string, number>() };
    subtasks.set(subtask, figures);
    return figures;
  }

  #addOperator(
    labels: NonNullable<Labels>,
    figures: TaskFigures,
    operator: string,
    metric: string,
    value: number,
  ): void {
    figures.values.set(`${operator}_${metric}`, value);
    const key = taskKey(labels.get('job_id') ?? '', labels.get('task_id') ?? '');
    const ids = this.#operators.get(key) ?? new Set();
    this.#operators.set(key, ids.add(`${operator}.${metric}`));
  }
}

const OUTDATED: TaskFigures = { attempt: -1, taskManagerId: '', atMs: 0, values: new Map() };

/** Flink's maximum of a parallelism (`KeyGroupRangeAssignment.UPPER_BOUND_MAX_PARALLELISM`). */
const MAX_SUBTASKS = 32_768;

function wholeNumber(text: string | undefined): number | undefined {
  const value = text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
  return value !== undefined && value < MAX_SUBTASKS ? value : undefined;
}

function processOf(all: Map<string, ProcessFigures>, id: string, atMs: number): ProcessFigures {
  const known = all.get(id);
  if (known !== undefined) return known;
  const made = { atMs, values: new Map<string, number>() };
  all.set(id, made);
  return made;
}
