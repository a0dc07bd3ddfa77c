import type { Configuration } from '../flink/decode/configuration.decode.js';
import { HOT_WINDOW_MS, MAX_ENDED_JOBS, MAX_HOT_RECORDS } from '../limits.js';
import type { ClusterOverview, ClusterSample, JobSummary, ReadFailure, TaskManager } from '../model/index.js';
import { isEnded } from '../plan/job-turns.js';
import { dropOlder, pushBounded } from './bounded.js';
import { JobRecord } from './job-record.js';
import { MissingLog } from './missing-log.js';
import { TaskManagerRecord } from './task-manager-record.js';

/** Everything held about one cluster. */
export class ClusterRecord {
  readonly name: string;
  readonly simulated: boolean;
  readonly missing = new MissingLog();
  readonly samples: ClusterSample[] = [];
  overview: ClusterOverview | undefined;
  configuration: Configuration = {};
  configurationRound: number | undefined;
  /** Why the cluster could not be read in the last round. */
  failure: ReadFailure | undefined;
  lastReadMs: number | undefined;
  jobsRunning = 0;
  /** Cores that the JobManager uses, between the last two looks; undefined until the second. */
  jobManagerCores: number | undefined;
  #jobManagerCpu: { readonly atMs: number; readonly seconds: number } | undefined;
  /** When the list of TaskManagers was last read, unless one of them could not be read since. */
  taskManagersListedMs: number | undefined;
  readonly #endedKeptMs: number | undefined;
  readonly #jobs = new Map<string, JobRecord>();
  readonly #taskManagers = new Map<string, TaskManagerRecord>();

  constructor(name: string, simulated: boolean, endedKeptMs?: number) {
    this.#endedKeptMs = endedKeptMs;
    this.name = name;
    this.simulated = simulated;
  }

  get jobs(): readonly JobRecord[] {
    return [...this.#jobs.values()];
  }

  get taskManagers(): readonly TaskManagerRecord[] {
    return [...this.#taskManagers.values()];
  }

  /** Those that the cluster last listed. */
  get presentTaskManagers(): readonly TaskManagerRecord[] {
    return this.taskManagers.filter(({ isGone }) => !isGone);
  }

  /** When the overview last showed a job changed. */
  get changedMs(): number {
    let changedMs = 0;
    for (const job of this.#jobs.values()) changedMs = Math.max(changedMs, job.changedMs);
    return changedMs;
  }

  /** Tasks of all running jobs, as far as they were read. */
  get tasks(): number {
    let tasks = 0;
    for (const job of this.#jobs.values())
      if (job.endMs === undefined) for (const { parallelism = 0 } of job.vertices) tasks += parallelism;
    return tasks;
  }

  job(jobId: string): JobRecord | undefined {
    return this.#jobs.get(jobId);
  }

  /** The cluster has answered. */
  noteRead(atMs: number): void {
    this.failure = undefined;
    this.lastReadMs = atMs;
  }

  /** Takes the JobManager's CPU time; after a restart of it the use is not known until the next look. */
  setJobManagerCpu(seconds: number, atMs: number): void {
    const before = this.#jobManagerCpu;
    this.#jobManagerCpu = { atMs, seconds };
    const isLater = before !== undefined && atMs > before.atMs && seconds >= before.seconds;
    this.jobManagerCores = isLater ? (seconds - before.seconds) / ((atMs - before.atMs) / 1000) : undefined;
  }

  setOverview(overview: ClusterOverview, atMs: number): void {
    this.overview = overview;
    this.#addSample({ atMs, ...sizeOf(overview) });
  }

  #addSample(sample: ClusterSample): void {
    pushBounded(this.samples, sample, MAX_HOT_RECORDS);
    dropOlder(this.samples, sample.atMs - HOT_WINDOW_MS);
  }

  /** Takes the list of jobs; those that are new. */
  setJobs(summaries: readonly JobSummary[], atMs: number): readonly JobRecord[] {
    this.jobsRunning = summaries.filter((summary) => !isEnded(summary.state)).length;
    if (this.overview !== undefined) this.overview = { ...this.overview, jobsRunning: this.jobsRunning };
    const listed = new Set(summaries.map((summary) => summary.jobId));
    for (const job of this.#jobs.values()) job.goneMs = listed.has(job.jobId) ? undefined : (job.goneMs ?? atMs);
    const added: JobRecord[] = [];
    for (const summary of summaries) {
      const known = this.#jobs.get(summary.jobId);
      known?.setListed(summary, atMs);
      if (known !== undefined) continue;
      const job = new JobRecord(summary, this.#endedKeptMs);
      job.setListed(summary, atMs);
      // A job that ended long before Weir came is no news.
      if (job.isExpired(atMs)) continue;
      this.#jobs.set(job.jobId, job);
      added.push(job);
    }
    return added;
  }

  /** Takes the list of TaskManagers, notes who left, and says which are there. */
  setTaskManagers(managers: readonly TaskManager[], atMs: number): readonly TaskManagerRecord[] {
    this.#setSize(managers, atMs);
    this.taskManagersListedMs = atMs;
    const listed = new Set(managers.map((manager) => manager.taskManagerId));
    for (const record of this.#taskManagers.values()) if (!listed.has(record.taskManagerId)) record.leave(atMs);
    return managers.map((manager) => {
      const known = this.#taskManagers.get(manager.taskManagerId);
      if (known !== undefined) {
        known.see(manager, atMs);
        return known;
      }
      const record = new TaskManagerRecord(manager, atMs);
      this.#taskManagers.set(manager.taskManagerId, record);
      return record;
    });
  }

  /** The list tells the cluster's size as the overview does, unless that was just read. */
  #setSize(managers: readonly TaskManager[], atMs: number): void {
    if (this.overview === undefined || this.samples.at(-1)?.atMs === atMs) return;
    const total = (key: 'slots' | 'slotsFree'): number => managers.reduce((sum, manager) => sum + manager[key], 0);
    this.overview = {
      ...this.overview,
      taskManagers: managers.length,
      slotsTotal: total('slots'),
      slotsAvailable: total('slotsFree'),
    };
    this.#addSample({ atMs, ...sizeOf(this.overview) });
  }

  /** The job of the same name that ended before this one, whose story this one goes on with. */
  predecessors(job: JobRecord): readonly JobRecord[] {
    return this.jobs
      .filter((other) => other.name === job.name && other.endMs !== undefined && isBefore(other, job))
      .sort((a, b) => a.detail.startMs - b.detail.startMs);
  }

  /** True when a later job of the same name has taken over. */
  isSuperseded(job: JobRecord): boolean {
    return job.endMs !== undefined && this.jobs.some((other) => other.name === job.name && isBefore(job, other));
  }

  prune(nowMs: number): void {
    for (const job of this.#jobs.values()) {
      job.prune(nowMs);
      if (job.isExpired(nowMs)) this.#jobs.delete(job.jobId);
    }
    const ended = this.jobs.filter((job) => job.endMs !== undefined).sort((a, b) => (a.endMs ?? 0) - (b.endMs ?? 0));
    for (const job of ended.slice(0, Math.max(0, ended.length - MAX_ENDED_JOBS))) this.#jobs.delete(job.jobId);
    for (const manager of this.#taskManagers.values())
      if (manager.isExpired(nowMs)) this.#taskManagers.delete(manager.taskManagerId);
  }
}

const sizeOf = ({ taskManagers, slotsTotal, slotsAvailable }: ClusterOverview): Omit<ClusterSample, 'atMs'> => ({
  taskManagers,
  slotsTotal,
  slotsAvailable,
});

const isBefore = (a: JobRecord, b: JobRecord): boolean => a !== b && a.detail.startMs < b.detail.startMs;
