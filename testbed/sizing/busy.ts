import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { isOnOperator } from '../suite/judge.js';
import type { FlinkRest } from '../flink/rest.js';

/** Flink's own sum of the time that each subtask was busy: Weir's word is not asked for what its advice is judged by. */
const vertex = z.object({
  subtasks: z.array(z.object({ subtask: z.number(), metrics: z.object({ 'accumulated-busy-time': z.number() }) })),
});

/** Flink's metrics are up to 10 s old; a look this long before one that counts makes it fetch them. */
const FETCH_MS = 12_000;

/** Share of the time that the busiest subtask of an operator's vertex is busy, over so many milliseconds. */
export async function busiestRatio(
  rest: FlinkRest,
  jobId: string,
  operator: string,
  windowMs: number,
): Promise<number> {
  const { vertices } = await rest.job(jobId);
  const id = vertices.find(({ name }) => isOnOperator(name, operator))?.id;
  if (id === undefined) throw new Error(`job ${jobId} has no vertex with the operator ${operator}`);
  const times = async (): Promise<{ readonly atMs: number; readonly busyMs: readonly number[] }> => {
    await read(rest.url, jobId, id);
    await delay(FETCH_MS);
    const { subtasks } = await read(rest.url, jobId, id);
    return { atMs: Date.now(), busyMs: subtasks.map(({ metrics }) => metrics['accumulated-busy-time']) };
  };
  const first = await times();
  await delay(windowMs - FETCH_MS);
  const last = await times();
  const grown = last.busyMs.map((busyMs, subtask) => busyMs - (first.busyMs[subtask] ?? 0));
  return Math.max(...grown) / (last.atMs - first.atMs);
}

async function read(url: string, jobId: string, vertexId: string): Promise<z.infer<typeof vertex>> {
  const answer = await fetch(`${url}/jobs/${jobId}/vertices/${vertexId}`);
  return vertex.parse(await answer.json());
}
