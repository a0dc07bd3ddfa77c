import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { must } from '../../testing/must.js';
import { parseFlinkVersion } from '../../../collector/index.js';
import type { Attempt, Refused } from '../values/refusal.js';
import type { Configuration } from '../values/configuration.js';
import type { Deployment } from './options.js';
import { jobManagerMemory, taskManagerMemory } from './memory.js';

type Out = { readonly error: Refused } | { readonly tm?: Bytes; readonly jm?: Bytes; readonly slots?: number };
type Bytes = readonly (number | null)[];
interface Vectors {
  readonly versions: readonly string[];
  readonly fields: { readonly tm: readonly string[]; readonly jm: readonly string[] };
  readonly cases: readonly {
    readonly role: 'tm' | 'jm';
    readonly deployment?: Deployment;
    readonly config: Configuration;
    readonly out: Out;
    readonly by?: Readonly<Record<string, Out>>;
  }[];
}
// The file is ours (fixtures/README.md): its shape is known.
const vectors = JSON.parse(readFileSync(new URL('../../fixtures/memory.json', import.meta.url), 'utf8')) as Vectors;

/** In the vectors' own form. Bytes beyond 2^53 do not survive their JSON, here as there. */
function outOf(role: 'tm' | 'jm', configuration: Configuration, version: string, deployment?: Deployment): Out {
  const bytesOf = (memory: object): Bytes =>
    vectors.fields[role].map((field) => {
      const bytes = (memory as Readonly<Record<string, bigint | null>>)[field];
      return bytes === null ? null : Number(must(bytes));
    });
  const refused = (answer: Attempt<unknown>): Out => ({ error: answer.ok ? [] : answer.refused });
  if (role === 'jm') {
    const answer = jobManagerMemory(configuration, parseFlinkVersion(version), deployment);
    return answer.ok ? { jm: bytesOf(answer.value) } : refused(answer);
  }
  const answer = taskManagerMemory(configuration, parseFlinkVersion(version), deployment);
  if (!answer.ok) return refused(answer);
  const { memory, slots } = answer.value;
  return { tm: bytesOf(memory), ...(slots === 1 ? {} : { slots }) };
}

describe.each(vectors.versions)('as the classes of Flink %s, to the byte and error for error', (version) => {
  it.each([
    ['TaskManager', 'tm'],
    ['JobManager', 'jm'],
  ] as const)('%s', (_name, wanted) => {
    const cases = vectors.cases.filter(({ role }) => role === wanted);
    const wrong = cases.flatMap(({ role, config, deployment, out, by }) => {
      const expected = by?.[version] ?? out;
      const got = outOf(role, config, version, deployment);
      return isDeepStrictEqual(got, expected) ? [] : [{ config, got, expected }];
    });
    expect(wrong.slice(0, 5)).toEqual([]);
    expect(cases.length).toBeGreaterThan(800);
  });
});
