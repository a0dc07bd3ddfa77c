import { z } from 'zod';

/** The counters of a task among the metrics, by what its vertex's page calls them (1.16 and later). */
const PAGE_NAME_OF: Readonly<Record<string, string>> = {
  numRecordsIn: 'read-records',
  numRecordsOut: 'write-records',
  numBytesIn: 'read-bytes',
  numBytesOut: 'write-bytes',
  accumulateBusyTimeMs: 'accumulated-busy-time',
  accumulateIdleTimeMs: 'accumulated-idle-time',
  accumulateBackPressuredTimeMs: 'accumulated-backpressured-time',
};
const COUNTERS = Object.keys(PAGE_NAME_OF);
/** Flink fetches all metrics anew at most every ten seconds, so few tries fall on both sides of a fetch. */
const TRIES = 10;

const page = z.object({
  subtasks: z.array(z.object({ subtask: z.number(), metrics: z.record(z.string(), z.unknown()) })),
});
const metrics = z.array(z.object({ id: z.string(), value: z.string() }));

/**
 * Weir reads a task's counters now from the page of its vertex and now from the metrics, and takes them for the same: where they
 * are not, in a vertex that runs. Empty when they are.
 */
export async function countersThatDiffer(vertexUrl: string): Promise<string[]> {
  for (let tried = 0; tried < TRIES; tried += 1) {
    const read = await ask(vertexUrl, page);
    const ids = read.subtasks.flatMap(({ subtask }) => COUNTERS.map((name) => `${subtask}.${name}`));
    const url = `${vertexUrl}/metrics?get=${ids.join(',')}`;
    const before = await ask(url, metrics);
    const between = await ask(vertexUrl, page);
    const after = await ask(url, metrics);
    // A fetch came in between.
    if (JSON.stringify(before) !== JSON.stringify(after)) continue;
    const values = new Map(after.map(({ id, value }) => [id, value]));
    return between.subtasks.flatMap(({ subtask, metrics: told }) =>
      COUNTERS.filter(
        (name) => Number(values.get(`${subtask}.${name}`)) !== Number(told[PAGE_NAME_OF[name] ?? '']),
      ).map(
        (name) =>
          `subtask ${subtask}: ${name} is ${values.get(`${subtask}.${name}`) ?? 'not there'}, ${PAGE_NAME_OF[name]} ${String(told[PAGE_NAME_OF[name] ?? ''])}`,
      ),
    );
  }
  return [`metrics of ${vertexUrl} were never the same twice in ${TRIES} tries`];
}

async function ask<T>(url: string, schema: z.ZodType<T>): Promise<T> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(20_000) });
  return schema.parse(await answer.json());
}
