import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { timed } from '../../testing/cpu-time.js';
import { FIXTURE_VERSIONS, fixtureText } from '../../testing/fixtures.js';
import { maskBody } from '../../record/mask-body.js';
import { parseJson, type Decoded } from './body.decode.js';
import { decodeCheckpointConfig } from './checkpoint-config.decode.js';
import { decodeCheckpointDetails } from './checkpoint-details.decode.js';
import { decodeCheckpointSubtasks } from './checkpoint-subtasks.decode.js';
import { decodeCheckpoints } from './checkpoints.decode.js';
import { decodeClusterConfig } from './cluster-config.decode.js';
import { decodeConfiguration } from './configuration.decode.js';
import { decodeExceptions } from './exceptions.decode.js';
import { decodeJobConfig } from './job-config.decode.js';
import { decodeJob } from './job.decode.js';
import { decodeJobsOverview } from './jobs-overview.decode.js';
import { decodeMetricIds, decodeMetricSummaries, decodeMetricValues } from './metrics.decode.js';
import { decodeOverview } from './overview.decode.js';
import { decodeRescales, decodeResourceRequirements } from './rescaling.decode.js';
import { decodeTaskManagerDetails, decodeTaskManagers } from './taskmanager.decode.js';
import { decodeVertex } from './vertex.decode.js';

const AT_MS = 1_795_252_000_000;
/** Cases in all; `WEIR_FUZZ_CASES=200000 npx vitest run collector/flink/decode/fuzz.test.ts` looks longer. */
const CASES = Number(process.env.WEIR_FUZZ_CASES ?? 5_000);
/** One answer may take this long: fixtures are small, and nothing in them may cost more than its length. */
const MAX_MS = 1_000;

type Decode = (body: unknown, atMs: number) => Decoded<unknown>;

/** Every decoder, and the recorded answers that are its own. */
const DECODERS: readonly { readonly name: string; readonly decode: Decode; readonly own: RegExp }[] = [
  { name: 'cluster config', decode: decodeClusterConfig, own: /^config$/ },
  { name: 'overview', decode: decodeOverview, own: /^overview$/ },
  { name: 'jobs overview', decode: decodeJobsOverview, own: /^jobs-overview/ },
  { name: 'job', decode: decodeJob, own: /^job-(?!config|metrics)/ },
  { name: 'job config', decode: decodeJobConfig, own: /^job-config$/ },
  { name: 'vertex', decode: decodeVertex, own: /^vertex-(?!metrics)/ },
  { name: 'checkpoints', decode: decodeCheckpoints, own: /^checkpoints(?!-config)/ },
  { name: 'checkpoint config', decode: decodeCheckpointConfig, own: /^checkpoints-config$/ },
  { name: 'checkpoint details', decode: decodeCheckpointDetails, own: /^checkpoint-details$/ },
  {
    name: 'checkpoint subtasks',
    decode: (body) => decodeCheckpointSubtasks(body, 'b'.repeat(32)),
    own: /^checkpoint-details-subtasks/,
  },
  { name: 'exceptions', decode: decodeExceptions, own: /^exceptions/ },
  { name: 'configuration', decode: decodeConfiguration, own: /^jobmanager-config$/ },
  { name: 'resource requirements', decode: decodeResourceRequirements, own: /^resource-requirements$/ },
  { name: 'rescales', decode: decodeRescales, own: /^rescales/ },
  { name: 'metric values', decode: decodeMetricValues, own: /metrics-(values|indexed)$/ },
  { name: 'metric summaries', decode: decodeMetricSummaries, own: /^agg-metrics/ },
  { name: 'metric ids', decode: decodeMetricIds, own: /^agg-metrics/ },
  { name: 'TaskManagers', decode: decodeTaskManagers, own: /^taskmanagers$/ },
  { name: 'a TaskManager', decode: decodeTaskManagerDetails, own: /^taskmanager-details$/ },
  { name: 'the mask of bundles', decode: (body) => ({ ok: true, value: JSON.stringify(maskBody(body)) }), own: /./ },
];

const BODIES = FIXTURE_VERSIONS.flatMap((version) =>
  readdirSync(new URL(`../fixtures/${version}`, import.meta.url))
    .filter((file) => file.endsWith('.json'))
    .map((file) => ({ version, name: file.replace(/\.json$/, ''), text: fixtureText(version, file.slice(0, -5)) })),
);

const HOSTILE_TEXTS = [
  '',
  'NaN',
  'Infinity',
  '-Infinity',
  '1e999',
  '0x10',
  `1.${'9'.repeat(400)}`,
  ' 12 ',
  '9223372036854775807',
  '__proto__',
  'constructor',
  '../../etc/passwd',
  '<img src=x onerror=alert(1)>',
  '\u0000\u001b[31m\u2028\u202e\ud800',
  '😀'.repeat(50),
  'password=hunter2',
  'token="'.repeat(20),
  'x'.repeat(100_000),
  '"'.repeat(100_000),
] as const;

const HOSTILE_NUMBERS = [0, -0, -1, 0.1, 1e308, -1e308, 2 ** 53, 2 ** 53 + 2, 2 ** 63, -(2 ** 63), 5e-324] as const;

/** Values that JSON can carry in place of any other. */
const hostile: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, [], {}, [[]], [null], { toString: 1, valueOf: 1 }),
  fc.constantFrom(...HOSTILE_TEXTS),
  fc.constantFrom(...HOSTILE_NUMBERS),
  fc.string({ unit: 'binary' }),
  fc.double(),
  fc.jsonValue({ maxDepth: 4 }),
  fc.constantFrom('@nest50', '@nest20000'),
);

/** One change somewhere in a JSON value; the numbers say where, so that fast-check can shrink them. */
interface Mutation {
  readonly path: readonly number[];
  readonly kind: 'replace' | 'remove' | 'rename' | 'double' | 'swap' | 'wrap' | 'stringify' | 'unwrap';
  readonly value: unknown;
  readonly name: string;
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  path: fc.array(fc.nat(40), { minLength: 1, maxLength: 8 }),
  kind: fc.constantFrom(
    'replace',
    'replace',
    'replace',
    'remove',
    'rename',
    'double',
    'swap',
    'wrap',
    'stringify',
    'unwrap',
  ),
  value: hostile,
  name: fc.oneof(fc.constantFrom(...HOSTILE_TEXTS), fc.string()),
});

function mutate(body: unknown, { path, kind, value, name }: Mutation): unknown {
  const [step = 0, ...rest] = path;
  if (typeof body !== 'object' || body === null || Object.keys(body).length === 0)
    return changed(body, kind, value, name);
  const keys = Object.keys(body);
  const key = keys[step % keys.length] ?? '';
  // A short path changes what it has reached; its last step may stop earlier, at a whole list or object.
  if (rest.length === 0) return kind === 'replace' && step % 5 === 0 ? value : changedAt(body, key, kind, value, name);
  return withField(body, key, mutate((body as Record<string, unknown>)[key], { path: rest, kind, value, name }));
}

function changed(value: unknown, kind: Mutation['kind'], other: unknown, name: string): unknown {
  switch (kind) {
    case 'wrap':
      return [value];
    case 'stringify':
      return String(value);
    case 'rename':
      return { [name]: value };
    case 'unwrap':
      return undefined;
    default:
      return other;
  }
}

function changedAt(body: object, key: string, kind: Mutation['kind'], value: unknown, name: string): unknown {
  const fields = body as Record<string, unknown>;
  const own = fields[key];
  switch (kind) {
    case 'replace':
      return withField(body, key, value);
    case 'remove':
      return Array.isArray(body)
        ? body.filter((_, index) => String(index) !== key)
        : Object.fromEntries(Object.entries(body).filter(([other]) => other !== key));
    case 'rename':
      return Array.isArray(body)
        ? { [name]: body }
        : Object.fromEntries(Object.entries(body).map(([other, inner]) => [other === key ? name : other, inner]));
    case 'double':
      return Array.isArray(body) ? [...(body as unknown[]), own, own] : { ...body, [name]: own };
    case 'swap':
      return Array.isArray(body) ? Object.fromEntries(Object.entries(body)) : Object.values(body);
    case 'wrap':
      return withField(body, key, [own]);
    case 'stringify':
      return withField(body, key, JSON.stringify(own));
    case 'unwrap':
      return own;
  }
}

function withField(body: object, key: string, value: unknown): unknown {
  if (Array.isArray(body)) return body.map((item: unknown, index) => (String(index) === key ? value : item));
  return Object.fromEntries(Object.entries(body).map(([other, inner]) => [other, other === key ? value : inner]));
}

/** JSON text; a mark becomes lists in lists, deeper than `JSON.stringify` could follow and fast-check could show. */
const toText = (value: unknown): string =>
  (JSON.stringify(value) ?? 'null').replace(/"@nest(\d+)"/g, (_mark, depth: string) => {
    const levels = Number(depth);
    return '['.repeat(levels) + ']'.repeat(levels);
  });

/** Changes of the text itself: cut, doubled, a few characters others. */
const textChange: fc.Arbitrary<(text: string) => string> = fc.oneof(
  { weight: 6, arbitrary: fc.constant((text: string) => text) },
  { weight: 2, arbitrary: fc.nat(100_000).map((at) => (text: string) => text.slice(0, at % (text.length + 1))) },
  { weight: 1, arbitrary: fc.nat(100_000).map((at) => (text: string) => text.slice(at % (text.length + 1))) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.nat(100_000),
        fc.constantFrom(
          '"',
          '\\',
          '{',
          ']',
          ',',
          ':',
          '\u0000',
          '9'.repeat(20),
          ' '.repeat(100_000),
          'NaN',
          '-',
          '1e999',
          '\ud800',
        ),
      )
      .map(([at, piece]) => (text: string) => {
        const place = at % (text.length + 1);
        return text.slice(0, place) + piece + text.slice(place + (at % 3));
      }),
  },
  { weight: 1, arbitrary: fc.constant((text: string) => text + text) },
  {
    weight: 1,
    // Every number a hostile one: 2^63, a text, huge, negative.
    arbitrary: fc
      .constantFrom('9223372036854775807', '-9223372036854775808', '"NaN"', '1e400', '-1', '0.5', 'null', '"12"')
      .map((number) => (text: string) => text.replace(/(?<=[:[,]\s*)-?\d+(\.\d+)?(?=\s*[,}\]])/g, number)),
  },
);

const IS_TIME =
  /^(atMs|startMs|endMs|lastModifiedMs|triggerMs|latestAckMs|failureMs|ackMs|runningSinceMs|lastHeartbeatMs|stateSinceMs)$/;

/** Numbers that are none and times that no date can have, wherever they are: of these nothing may be made. */
function badNumbers(value: unknown, name = ''): readonly string[] {
  if (typeof value === 'number') {
    const isGood = Number.isFinite(value) && !(IS_TIME.test(name) && Number.isNaN(new Date(value).getTime()));
    return isGood ? [] : [`${name}: ${value}`];
  }
  if (value instanceof Map) return [...value].flatMap(([key, inner]) => badNumbers(inner, String(key)));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => badNumbers(inner, name === 'stateSinceMs' ? name : key));
}

function decodeText(text: string, decode: Decode): Decoded<unknown> {
  const json = parseJson(text);
  return json.ok ? decode(json.value, AT_MS) : json;
}

describe('whatever is sent, a decoder brings a value or says what is wrong', () => {
  it.each(DECODERS)('$name: has recorded answers of its own', ({ own }) => {
    expect(BODIES.filter(({ name }) => own.test(name)).length).toBeGreaterThan(0);
  });

  const each = Math.ceil(CASES / DECODERS.length);
  for (const { name, decode, own } of DECODERS) {
    const ownBodies = BODIES.filter((body) => own.test(body.name));
    const body = fc.oneof(
      { weight: 9, arbitrary: fc.constantFrom(...ownBodies) },
      { weight: 1, arbitrary: fc.constantFrom(...BODIES) },
    );
    it(`${name}: ${each} answers that are not as they should be`, { timeout: 60_000 + each * 10 }, () => {
      fc.assert(
        fc.property(body, fc.array(mutation, { maxLength: 4 }), textChange, ({ text }, mutations, change) => {
          const broken = change(toText(mutations.reduce(mutate, JSON.parse(text) as unknown)));
          const { value: decoded, cpuMs } = timed(() => decodeText(broken, decode));
          if (decoded.ok) expect(badNumbers(decoded.value)).toEqual([]);
          else expect(decoded.problem).toMatch(/\S/);
          expect(cpuMs).toBeLessThan(MAX_MS);
        }),
        { numRuns: each },
      );
    });
  }
});
