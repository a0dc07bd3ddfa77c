import { z } from 'zod';
import { parseJson, type Decoded } from './body.decode.js';
import { toTimestamp } from './fields.decode.js';

const overview = z.object({ jobs: z.array(z.looseObject({ 'end-time': z.unknown() })) });

/** The text of `/jobs/overview` with no more than the `max` jobs that ended last: an archive grows for years. */
export function newestJobs(text: string, max: number): Decoded<string> {
  const json = parseJson(text);
  if (!json.ok) return json;
  const parsed = overview.safeParse(json.value);
  if (!parsed.success) return { ok: false, problem: parsed.error.issues[0]?.message ?? 'no list of jobs' };
  const endMs = (job: { readonly 'end-time': unknown }): number => toTimestamp(job['end-time']) ?? 0;
  const jobs = [...parsed.data.jobs].sort((a, b) => endMs(b) - endMs(a)).slice(0, max);
  return { ok: true, value: JSON.stringify({ jobs }) };
}
