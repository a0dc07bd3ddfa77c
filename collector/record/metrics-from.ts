import { z } from 'zod';
import type { BundleAnswer } from './read-bundle.js';

const metrics = z.array(z.looseObject({ id: z.string() }));
/** Answers over all subtasks are empty as soon as one of the ids is not there (REST-TRUTH, fact 5). */
const IS_SUMMARY = /\/subtasks\/metrics$/;

/**
 * The answer to `…/metrics?get=…` from those to other lists of names of the same page; undefined when the page was not asked
 * at all, or the path is another one.
 */
export function metricsFrom(answers: readonly BundleAnswer[], path: string): string | undefined {
  const [page = '', names] = path.split('?get=', 2);
  if (names === undefined) return undefined;
  const asked = answers.filter((answer) => answer.path.startsWith(`${page}?get=`) && answer.reading.ok);
  if (asked.length === 0) return undefined;
  const known = new Map(asked.flatMap(({ reading }) => (reading.ok ? listOf(reading.value) : [])));
  const ids = names.split(',').map(decoded);
  const found = ids.flatMap((id) => known.get(id) ?? []);
  return JSON.stringify(IS_SUMMARY.test(page) && found.length < ids.length ? [] : found);
}

function listOf(text: string): readonly (readonly [string, unknown])[] {
  const list = metrics.safeParse(JSON.parse(text));
  return list.success ? list.data.map((metric) => [metric.id, metric] as const) : [];
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
