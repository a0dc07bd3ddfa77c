import { appendFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { parseJson } from '../flink/decode/body.decode.js';
import type { Reading } from '../model/index.js';
import { answered, bundleFolder, partsOf, recordRounds, type Answered } from '../testing/recorded.js';
import { createBundleFile } from './bundle-file.js';
import { unpackedLines } from './lines.js';
import type { BundlePart } from './read-bundle.js';
import { createRecorder } from './recorder.js';

const folder = bundleFolder();
afterAll(() => folder.remove());

const noop = (): void => undefined;
const gone = (): Promise<void> => Promise.resolve();

const refused: Reading<string> = {
  ok: false,
  failure: { kind: 'unreachable', message: 'http://jm:8081/overview refused the connection.' },
  atMs: 5,
};

const roundsOf = (parts: readonly BundlePart[]): (readonly Answered[])[] =>
  parts.flatMap((part) =>
    part.kind === 'round' ? [part.round.answers.map(({ path, reading }) => [path, reading] as const)] : [],
  );

/** The same as the decoders take it: large integers as texts. */
const decodedOf = (rounds: readonly (readonly Answered[])[]): unknown =>
  rounds.map((round) =>
    round.map(([path, reading]) => [path, reading.ok ? { ...reading, value: parseJson(reading.value) } : reading]),
  );

const kindsOf = (parts: readonly BundlePart[]): string =>
  parts.map((part) => (part.kind === 'end' ? part.ending : part.kind)).join(' ');

const problemOf = (parts: readonly BundlePart[]): string =>
  parts.flatMap((part) => (part.kind === 'problem' ? [part.problem] : [])).join();

describe('a bundle', () => {
  it('begins with what a replay needs to know', async () => {
    const { appended } = await recordRounds([[['/overview', answered({})]]]);
    const [part] = await partsOf(await folder.write('header', appended));
    expect(part).toEqual({
      kind: 'header',
      header: {
        weirBundle: 1,
        weir: '1.2.3',
        flink: '1.20.3',
        cluster: 'prod-a',
        url: 'http://jm:8081',
        prefixBytes: 0,
        startMs: Date.UTC(2026, 0, 5, 9),
        intervalMs: 10_000,
        maxRequestsPerSecond: 20,
        simulated: false,
      },
    });
  });

  it('brings back every answer and failure, in order, at its time, whatever stands in it', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 20 }).filter((name) => !/pass|[=:]|--/i.test(name));
    const path = fc.constantFrom('/overview', '/jobs/overview', '/jobs/a/metrics?get=x%2Fy,z', '/taskmanagers/a%3Ab');
    const reading = fc.oneof(
      fc
        .tuple(fc.jsonValue({ maxDepth: 3, stringUnit: 'grapheme' }), fc.nat())
        .map(([body, atMs]) => answered(JSON.stringify(body), atMs)),
      fc.tuple(text, fc.nat()).map(([name, atMs]) => answered(JSON.stringify({ jobs: [{ name }] }), atMs)),
      fc.constant(refused),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(fc.tuple(path, reading)), { minLength: 1, maxLength: 5 }), async (rounds) => {
        const { appended } = await recordRounds(rounds);
        const parts = await partsOf(await folder.write('property', appended));
        expect(decodedOf(roundsOf(parts))).toEqual(decodedOf(rounds));
        expect(parts.at(-1)).toEqual({ kind: 'end', ending: 'complete' });
      }),
      { numRuns: 30 },
    );
  });

  it('holds an answer that is the last one of its path again only as a reference', async () => {
    const big = { list: Array.from({ length: 500 }, (_, index) => index) };
    const round: readonly Answered[] = [['/jobmanager/config', answered(big)]];
    const { appended } = await recordRounds([round, round, round]);
    expect(appended[0]?.length).toBeGreaterThan(1_500);
    expect(appended[1]?.length).toBeLessThan(200);
    expect(roundsOf(await partsOf(await folder.write('same', appended)))).toEqual([round, round, round]);
  });

  it('keeps integers beyond 2^53 as the decoders take them, and one digit more or less is another answer', async () => {
    const { appended } = await recordRounds([
      [['/overview', answered('{"interval":9223372036854775807}')]],
      [['/overview', answered('{"interval":9223372036854775806}')]],
    ]);
    expect(appended.join('')).toContain('"9223372036854775807"');
    expect(appended.join('')).toContain('"9223372036854775806"');
  });

  it('keeps of a text that is no JSON only that it was none', async () => {
    const { appended } = await recordRounds([[['/overview', answered('[{"key":"s3.secret-key","value":"hunter2')]]]);
    expect(appended.join('')).not.toContain('hunter2');
    expect(appended.join('')).toContain('the JSON is cut off');
  });

  it('keeps of an answer that only nests as much as is ever read', async () => {
    const depth = 200_000;
    const { appended } = await recordRounds([[['/overview', answered('['.repeat(depth) + ']'.repeat(depth))]]]);
    expect(appended.join('').length).toBeLessThan(1_000);
  });

  it('stops before it grows beyond its size, with what it has', async () => {
    const page = (nth: number): readonly Answered[] => [['/overview', answered({ nth, text: 'x'.repeat(1_000) })]];
    const { recorder, appended, kept } = await recordRounds([page(1), page(2), page(3), page(4)], { maxBytes: 3_000 });
    expect(kept).toEqual([true, true, false, false]);
    expect(recorder.rounds).toBe(2);
    expect(recorder.bytes).toBeLessThan(3_000);
    expect(kindsOf(await partsOf(await folder.write('full', appended)))).toBe('header round round complete');
  });

  it('does not count a round that could not be written', async () => {
    const full = { append: () => Promise.reject(new Error('ENOSPC')) };
    const recorder = createRecorder({
      transport: { url: 'http://jm', prefixBytes: 0, read: () => Promise.resolve(refused), setPace: noop, close: gone },
      sink: full,
      weir: '1.2.3',
      cluster: 'c',
      intervalMs: 1,
      maxRequestsPerSecond: 1,
    });
    await expect(recorder.endRound({ startMs: 1, endMs: 2, ok: false })).rejects.toThrow('ENOSPC');
    expect(recorder.rounds).toBe(0);
  });

  it('is for the eyes of its owner and never written over another file', async () => {
    const path = await folder.write('mine', ['{}\n']);
    expect(statSync(path).mode & 0o077).toBe(0);
    await expect(createBundleFile(path)).rejects.toMatchObject({ code: 'EEXIST' });
  });

  it('keeps the order of appends that do not wait for each other', async () => {
    const file = await createBundleFile(folder.path('order'));
    await Promise.all(Array.from({ length: 50 }, (_, nth) => file.append(`${nth}\n`.repeat(nth % 2 ? 1 : 5_000))));
    await file.close();
    const numbers = gunzipSync(readFileSync(folder.path('order')))
      .toString()
      .trim()
      .split('\n')
      .map(Number);
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  });
});

describe('a file that is not whole', () => {
  const round = (nth: number): readonly Answered[] => [
    ['/overview', answered({ nth, random: String(Math.sin(nth)).repeat(20) })],
    ['/jobs/overview', answered({ jobs: [] })],
  ];

  it('is read up to its last whole round, wherever it was cut off', async () => {
    const { appended } = await recordRounds([round(1), round(2), round(3)]);
    const whole = readFileSync(await folder.write('whole', appended));
    const seen = new Set<string>();
    for (let length = 1; length < whole.length; length += 1) {
      const path = folder.path('cut');
      writeFileSync(path, whole.subarray(0, length));
      const parts = await partsOf(path);
      const kinds = kindsOf(parts);
      seen.add(kinds);
      const rounds = roundsOf(parts);
      expect(rounds).toEqual([round(1), round(2), round(3)].slice(0, rounds.length));
    }
    expect([...seen].sort()).toEqual([
      'header cut-off',
      'header round cut-off',
      'header round round cut-off',
      'header round round round complete',
      'header round round round cut-off',
      'problem',
    ]);
  });

  it('and what was appended to it by mistake does no harm', async () => {
    const { appended } = await recordRounds([round(1)]);
    const path = await folder.write('tail', appended);
    appendFileSync(path, Buffer.alloc(100));
    expect(kindsOf(await partsOf(path))).toBe('header round complete');
  });

  const header = JSON.stringify({
    weirBundle: 1,
    weir: '1.2.3',
    cluster: 'c',
    url: 'http://jm',
    prefixBytes: 0,
    startMs: 1,
    intervalMs: 1,
    maxRequestsPerSecond: 1,
    simulated: false,
  });
  const cases: readonly { readonly name: string; readonly bytes: Buffer; readonly says: readonly string[] }[] = [
    { name: 'an empty file', bytes: Buffer.alloc(0), says: ['empty', 'weir record'] },
    { name: 'a text', bytes: Buffer.from('{"weirBundle":1}\n'), says: ['not a gzip file', 'weir record'] },
    { name: 'gzip of something else', bytes: gzipSync('hello\nworld\n'), says: ['no bundle of Weir', 'weir record'] },
    { name: 'gzip of other JSON', bytes: gzipSync('[1]\n'), says: ['no bundle of Weir'] },
    {
      name: 'a newer format',
      bytes: gzipSync('{"weirBundle":7,"weir":"9.9.9"}\n'),
      says: ['by Weir 9.9.9', 'format 7', 'up to 1', 'newer Weir'],
    },
    { name: 'a damaged header', bytes: gzipSync('{"weirBundle":1}\n'), says: ['line 1', 'header', 'record again'] },
    {
      name: 'a line that is no JSON',
      bytes: gzipSync(`${header}\n{"path":"/a","atMs":1,"body":\n`),
      says: ['line 2 is damaged', 'record again'],
    },
    {
      name: 'a line of another shape',
      bytes: gzipSync(`${header}\n{"round":"one"}\n`),
      says: ['line 2 is damaged'],
    },
    { name: 'an answer without a body', bytes: gzipSync(`${header}\n{"path":"/a","atMs":1}\n`), says: ['line 2'] },
    {
      name: 'a reference to nothing',
      bytes: gzipSync(`${header}\n{"path":"/a","atMs":1,"same":true}\n`),
      says: ['line 2', '/a', 'not in the file'],
    },
  ];
  for (const { name, bytes, says } of cases) {
    it(`${name}: one message of what, where and what to do`, async () => {
      writeFileSync(folder.path('bad'), bytes);
      const problem = problemOf(await partsOf(folder.path('bad')));
      for (const words of says) expect(problem).toContain(words);
      expect(problem).not.toContain('\n');
    });
  }

  it('a bit that has flipped in its data', async () => {
    const { appended } = await recordRounds([round(1), round(2)]);
    const bytes = readFileSync(await folder.write('flipped', appended));
    bytes[Math.floor(bytes.length / 2)] = (bytes[Math.floor(bytes.length / 2)] ?? 0) ^ 0xff;
    writeFileSync(folder.path('flipped'), bytes);
    expect(problemOf(await partsOf(folder.path('flipped')))).toMatch(/damaged.*: record again/);
  });

  it('a file that is not there, and a folder', async () => {
    expect(problemOf(await partsOf(folder.path('nowhere')))).toContain('no such file');
    expect(problemOf(await partsOf(folder.path('.')))).toContain('cannot be read');
  });

  it('a small file that unpacks to very much is not unpacked', async () => {
    writeFileSync(folder.path('bomb'), gzipSync(Buffer.alloc(5_000_000, 'x')));
    const items = [];
    for await (const item of unpackedLines(folder.path('bomb'), 1_000_000)) items.push(item);
    expect(items).toEqual([
      { problem: 'it unpacks to more than 1 MB, which no recording does: give a file that `weir record` wrote' },
    ]);
  });
});
