import { describe, expect, it } from 'vitest';
import { timed } from '../../testing/cpu-time.js';
import { MAX_STACKTRACE_CHARS } from '../limits.js';
import { parseJson, type Decoded } from './body.decode.js';
import { decodeConfiguration } from './configuration.decode.js';
import { decodeExceptions } from './exceptions.decode.js';
import { decodeJobConfig } from './job-config.decode.js';
import { decodeJobsOverview } from './jobs-overview.decode.js';
import { decodeMetricValues } from './metrics.decode.js';
import { decodeOverview } from './overview.decode.js';
import { decodeVertex } from './vertex.decode.js';

/*
 * Found by `fuzz.test.ts` and by looking at what it found: one line for each fault that was mended.
 */

const BIG = '"a":1234567890123456789';
const deep = '['.repeat(20_000) + ']'.repeat(20_000);

function valueOf<T>(text: string, decode: (body: unknown) => Decoded<T>): T {
  const json = parseJson(text);
  const decoded = json.ok ? decode(json.value) : json;
  if (!decoded.ok) throw new Error(decoded.problem);
  return decoded.value;
}

describe('a value that is no word and no number', () => {
  it.each([
    ['nests deeper than String() can follow', deep],
    ['has a toString that is no function', '{"toString":1,"valueOf":1}'],
    ['is a list', '["a","b"]'],
    ['is an object', '{"a":1}'],
    ['is null', 'null'],
  ])('%s: is empty, and throws nowhere', (_what, value) => {
    expect([...valueOf(`[{"id":"x","value":${value}}]`, decodeMetricValues)]).toEqual([['x', '']]);
    expect(valueOf(`[{"key":"x","value":${value}}]`, decodeConfiguration)).toEqual({ x: '' });
    const config = valueOf(`{"execution-config":{"user-config":{"x":${value}}}}`, decodeJobConfig);
    expect(config.userConfig).toEqual({ x: '' });
  });

  it.each([
    ['12.5', '12.5'],
    ['true', 'true'],
    ['"NaN"', 'NaN'],
    ['9223372036854775807', '9223372036854775807'],
  ])('%s is taken as text', (value, text) => {
    expect(valueOf(`[{"id":"x","value":${value}}]`, decodeMetricValues).get('x')).toBe(text);
  });
});

describe('a time that no date can have', () => {
  it.each([8.64e15 + 1, 9e18, -1, 0])('%d is no time', (ms) => {
    const id = 'a'.repeat(32);
    const jobs = valueOf(
      JSON.stringify({ jobs: [{ jid: id, name: 'x', 'start-time': ms, 'end-time': ms }] }),
      decodeJobsOverview,
    );
    expect(jobs[0]).toMatchObject({ startMs: 0 });
    expect(jobs[0]).not.toHaveProperty('endMs');
  });

  it('nor is the start of a task that runs for longer than there is time', () => {
    const subtask = { subtask: 0, status: 'RUNNING', 'start-time': 5, 'status-duration': { RUNNING: 9e18 } };
    const text = JSON.stringify({ id: 'a'.repeat(32), name: 'x', now: 10, subtasks: [subtask] });
    const vertex = valueOf(text, (body) => decodeVertex(body, 1));
    expect(vertex.subtasks[0]?.runningSinceMs).toBe(5);
  });
});

describe('a version', () => {
  it.each([
    [`1.${'9'.repeat(400)}`, 0, 0],
    ['1.15.1-csa1.8.0', 1, 15],
    ['1.13-vvr-4.0', 1, 13],
    ['2.3.0', 2, 3],
    ['20260101.1.20.3', 1, 20],
  ])('%s is %d.%d', (text, major, minor) => {
    const { flinkVersion } = valueOf(JSON.stringify({ 'flink-version': text }), decodeOverview);
    expect(flinkVersion).toMatchObject({ major, minor });
  });
});

describe('an answer costs no more than its length', () => {
  const MANY = 1_000_000;
  it.each([
    ['blanks', `[1,${' '.repeat(MANY)}2]`],
    ['blanks beside a large integer', `{${BIG},"b":${' '.repeat(MANY)}2}`],
    ['escapes in a string that is cut off', `{${BIG},"b":"${String.raw`\"`.repeat(MANY)}`],
    ['backslashes in a string that is cut off', `{${BIG},"b":"${'\\'.repeat(MANY + 1)}`],
    ['digits', `[${'1'.repeat(MANY)}]`],
    ['numbers', `[1234567890123456789${',1'.repeat(MANY)}]`],
  ])('a million %s', (_what, text) => {
    expect(timed(() => parseJson(text)).cpuMs).toBeLessThan(3_000);
  });
});

describe('a string that is cut off', () => {
  it('keeps its digits: they are no integers', () => {
    expect(parseJson(`{${BIG},"b":"x 1234567890123456789`)).toEqual({ ok: false, problem: 'the JSON is cut off' });
  });
});

describe('a stack trace that is cut', () => {
  it('does not keep half of the secret that the cut goes through', () => {
    const secret = 'postgres://bob:hunter2hunter2@db/x';
    const stacktrace = `${'x'.repeat(MAX_STACKTRACE_CHARS - 20)} ${secret}`;
    const body = { exceptionHistory: { entries: [{ stacktrace, timestamp: 1 }] } };
    const [exception] = valueOf(JSON.stringify(body), decodeExceptions).exceptions;
    expect(exception?.stacktrace).toHaveLength(MAX_STACKTRACE_CHARS);
    expect(exception?.stacktrace).not.toContain('hunt');
  });
});
