import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { z } from 'zod';
import { waitFor } from '../wait.js';

const REQUEST_TIMEOUT_MS = 20_000;
const SAVEPOINT_TIMEOUT_MS = 60_000;

const overview = z.object({ taskmanagers: z.number(), 'slots-total': z.number(), 'slots-available': z.number() });
const taskManagers = z.object({ taskmanagers: z.array(z.object({ id: z.string() })) });
const upload = z.object({ filename: z.string() });
const submitted = z.object({ jobid: z.string() });
const triggered = z.object({ 'request-id': z.string() });
const stopping = z.object({
  status: z.object({ id: z.string() }),
  operation: z.looseObject({ location: z.string().optional() }).nullish(),
});
const job = z.object({
  jid: z.string(),
  name: z.string(),
  state: z.string(),
  vertices: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      parallelism: z.number(),
      tasks: z.record(z.string(), z.number()),
      /** Sums over the subtasks of the present attempts. */
      metrics: z.object({ 'read-records': z.number(), 'write-records': z.number() }).optional(),
    }),
  ),
});
const checkpoints = z.object({ counts: z.object({ completed: z.number() }) });
const jobs = z.object({ jobs: z.array(z.object({ jid: z.string(), tasks: z.record(z.string(), z.number()) })) });
export type JobDetails = z.infer<typeof job>;

export interface JobSubmission {
  entryClass: string;
  args: readonly string[];
  /** The savepoint it goes on from. */
  savepointPath?: string;
}

/** The few REST calls the testbed makes. It checks only the fields it uses. */
export class FlinkRest {
  constructor(readonly url: string) {}

  overview = async (): Promise<z.infer<typeof overview>> => overview.parse(await this.#ask('GET', '/overview'));

  taskManagerIds = async (): Promise<string[]> =>
    taskManagers.parse(await this.#ask('GET', '/taskmanagers')).taskmanagers.map((tm) => tm.id);

  job = async (jobId: string): Promise<JobDetails> => job.parse(await this.#ask('GET', `/jobs/${jobId}`));

  /** Unlike the job's page, this does not make the JobManager fetch metrics. */
  runningTasks = async (jobId: string): Promise<number | undefined> =>
    jobs.parse(await this.#ask('GET', '/jobs/overview')).jobs.find(({ jid }) => jid === jobId)?.tasks['running'];

  completedCheckpoints = async (jobId: string): Promise<number> =>
    checkpoints.parse(await this.#ask('GET', `/jobs/${jobId}/checkpoints`)).counts.completed;

  cancel = async (jobId: string): Promise<void> => {
    await this.#ask('PATCH', `/jobs/${jobId}?mode=cancel`);
  };

  /** Only with the adaptive scheduler, from 1.18 on. */
  rescale = async (jobId: string, parallelisms: Readonly<Record<string, number>>): Promise<void> => {
    const wanted = Object.entries(parallelisms).map(([vertexId, p]) => [
      vertexId,
      { parallelism: { lowerBound: 1, upperBound: p } },
    ]);
    await this.#ask('PUT', `/jobs/${jobId}/resource-requirements`, JSON.stringify(Object.fromEntries(wanted)));
  };

  /** Begins one; Flink goes on without an answer. */
  savepoint = async (jobId: string, directory: string): Promise<void> => {
    const body = JSON.stringify({ 'target-directory': `file://${directory}`, 'cancel-job': false });
    await this.#ask('POST', `/jobs/${jobId}/savepoints`, body);
  };

  /** Ends the job with a savepoint; where that lies, once it is there. */
  async stop(jobId: string, directory: string): Promise<string> {
    const body = JSON.stringify({ targetDirectory: `file://${directory}`, drain: false });
    const { 'request-id': request } = triggered.parse(await this.#ask('POST', `/jobs/${jobId}/stop`, body));
    return waitFor(
      async () => {
        const { status, operation } = stopping.parse(await this.#ask('GET', `/jobs/${jobId}/savepoints/${request}`));
        if (status.id !== 'COMPLETED') return undefined;
        if (operation?.location === undefined) throw new Error(`no savepoint: ${JSON.stringify(operation)}`);
        return operation.location;
      },
      { what: `job ${jobId} stops with a savepoint in ${directory}`, timeoutMs: SAVEPOINT_TIMEOUT_MS },
    );
  }

  async submit(jar: string, submission: JobSubmission): Promise<string> {
    const form = new FormData();
    form.append('jarfile', new Blob([readFileSync(jar)], { type: 'application/java-archive' }), basename(jar));
    const stored = upload.parse(await this.#ask('POST', '/jars/upload', form));
    const { entryClass, args: programArgsList, savepointPath } = submission;
    const body = JSON.stringify({
      entryClass,
      programArgsList,
      ...(savepointPath === undefined ? {} : { savepointPath }),
    });
    const answer = await this.#ask('POST', `/jars/${basename(stored.filename)}/run`, body);
    return submitted.parse(answer).jobid;
  }

  async #ask(method: string, path: string, body?: FormData | string): Promise<unknown> {
    const headers: Record<string, string> = typeof body === 'string' ? { 'content-type': 'application/json' } : {};
    const signal = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
    const answer = await fetch(this.url + path, { method, headers, signal, ...(body === undefined ? {} : { body }) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text.slice(0, 3000)}`);
    return text === '' ? {} : JSON.parse(text);
  }
}

/** True when every task of every vertex runs, not merely the job: a job is RUNNING while all its tasks wait for slots. */
export function allTasksRunning(details: JobDetails): boolean {
  return (
    details.state === 'RUNNING' &&
    details.vertices.length > 0 &&
    details.vertices.every((vertex) => vertex.tasks['RUNNING'] === vertex.parallelism)
  );
}
