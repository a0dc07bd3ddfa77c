import { readFileSync } from 'node:fs';
import { PassThrough, Readable } from 'node:stream';
import { text as readAll } from 'node:stream/consumers';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { runBatch, type BatchInput } from './batch.js';
import { answerKeyGroups } from './keygroups.js';
import { answerMemory } from './memory.js';
import { flinkVersionFrom } from './plain-flags.js';

async function batch(lines: readonly (object | string)[], answer: (input: BatchInput) => string): Promise<unknown[]> {
  const output = new PassThrough();
  const read = readAll(output);
  const input = Readable.from(lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`));
  await runBatch(input, output, answer);
  output.end();
  const answers = (await read).split('\n').filter((line) => line !== '');
  return answers.map((line): unknown => JSON.parse(line));
}

// Our own files (analyzer/fixtures/README.md): their shapes are known.
const fixture = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`../analyzer/fixtures/${name}.json`, import.meta.url), 'utf8')) as T;

describe('weir memory --batch', () => {
  interface Out {
    readonly error?: readonly (readonly [string, string])[];
    readonly tm?: readonly number[];
    readonly jm?: readonly (number | null)[];
  }
  interface Vectors {
    readonly fields: { readonly tm: readonly string[]; readonly jm: readonly string[] };
    readonly cases: readonly {
      readonly role: 'tm' | 'jm';
      readonly deployment?: string;
      readonly config: object;
      readonly out: Out;
    }[];
  }

  it('answers every vector of 2.3.0 in order, with the fields’ names in their order', async () => {
    const { cases, fields } = fixture<Vectors>('memory');
    const answers = await batch(
      cases.map(({ role, deployment, config }, id) => ({
        id,
        flink: '2.3.0',
        component: role === 'tm' ? 'taskmanager' : 'jobmanager',
        ...(deployment === undefined ? {} : { deployment }),
        config,
      })),
      answerMemory,
    );
    const wrong = cases.flatMap(({ role, out }, at) => {
      const answer = answers[at] as Readonly<Record<string, unknown>>;
      const expected =
        out.error === undefined
          ? Object.fromEntries(fields[role].map((field, i) => [field, (role === 'tm' ? out.tm : out.jm)?.[i]]))
          : out.error[0]?.[1];
      const isRight =
        answer['id'] === at &&
        isDeepStrictEqual(out.error === undefined ? answer['memory'] : answer['error'], expected);
      return isRight ? [] : [{ answer, expected }];
    });
    expect(wrong.slice(0, 3)).toEqual([]);
    expect(answers).toHaveLength(2500);
  });

  it('bytes beyond 2^53 keep every digit', () => {
    const config = { 'jobmanager.memory.heap.size': '9007199254740993b' };
    expect(answerMemory({ id: 1, flink: '2.3', component: 'jobmanager', config })).toContain(
      '"heap":9007199254740993,',
    );
  });

  it('numbers and booleans are taken as they are written', async () => {
    const config = { 'taskmanager.memory.process.size': '4g', 'taskmanager.numberOfTaskSlots': 4 };
    const [answer] = await batch([{ id: 'a', flink: '1.20', config }], answerMemory);
    expect(answer).toMatchObject({ id: 'a', ok: true, slots: 4, memory: { process: 4 * 1024 ** 3 } });
  });
});

describe('weir keygroups --batch', () => {
  const table: readonly (readonly [string, object, object])[] = [
    [
      'ranges',
      { id: 1, parallelism: 3, maxParallelism: 10 },
      {
        id: 1,
        ok: true,
        maxParallelism: 10,
        minGroups: 3,
        maxGroups: 4,
        ranges: [
          [0, 0, 3],
          [1, 4, 6],
          [2, 7, 9],
        ],
      },
    ],
    [
      'Flink’s default max parallelism',
      { id: 2, parallelism: 1 },
      { id: 2, ok: true, maxParallelism: 128, minGroups: 128, maxGroups: 128, ranges: [[0, 0, 127]] },
    ],
    [
      'a key by its hash',
      { id: 'h', hash: 99_162_322, parallelism: 4, maxParallelism: 128 },
      { id: 'h', ok: true, keyGroup: 35, subtask: 1 },
    ],
    [
      'Flink’s refusal',
      { id: 3, parallelism: 129, maxParallelism: 128 },
      { id: 3, ok: false, error: 'Maximum parallelism must not be smaller than parallelism.' },
    ],
    [
      'a line with its id',
      { id: 4, parallelism: 1.5 },
      { id: 4, ok: false, error: 'parallelism: Invalid input: expected int, received number' },
    ],
    [
      'a hash that is no int',
      { id: 5, hash: 2 ** 31, parallelism: 1, maxParallelism: 1 },
      { id: 5, ok: false, error: 'hash: Too big: expected number to be <=2147483647' },
    ],
  ];
  it.each(table)('%s', async (_name, line, answer) => {
    expect(await batch([line], answerKeyGroups)).toEqual([answer]);
  });

  it('a bad line has no id, and the next one is answered', async () => {
    const answers = await batch(['nope', '', '[1]', { id: 7, parallelism: 1, maxParallelism: 1 }], answerKeyGroups);
    expect(answers).toEqual([
      { id: null, ok: false, error: expect.stringContaining('not JSON') },
      { id: null, ok: false, error: 'not a JSON object' },
      { id: 7, ok: true, maxParallelism: 1, minGroups: 1, maxGroups: 1, ranges: [[0, 0, 0]] },
    ]);
  });

  it('a line without end is refused', async () => {
    const [answer] = await batch(['x'.repeat(1_000_001)], answerKeyGroups);
    expect(answer).toMatchObject({ id: null, ok: false, error: 'longer than 1000000 characters' });
  });
});

describe('--flink', () => {
  it.each([
    ['1.13', 13],
    ['1.20.3', 20],
    ['1.15.1-csa1.8.0', 15],
  ])('%s', (text, minor) => {
    expect(flinkVersionFrom(text)).toMatchObject({ major: 1, minor });
  });
  it.each(['1.12', 'two', '2'])('%s is refused', (text) => {
    expect(() => flinkVersionFrom(text)).toThrow('must be a version from 1.13 on');
  });
});
