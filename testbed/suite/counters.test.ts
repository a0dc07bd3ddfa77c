import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { countersThatDiffer } from './counters.js';

let server: Server | undefined;
afterEach(() => new Promise<unknown>((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve))));

/** A vertex of one subtask; `fetched` is how often its metrics were fetched before each answer. */
async function vertex(fetched: (nth: number) => number, hidden: string[] = [], pageAhead = 0): Promise<string> {
  let answers = 0;
  server = createServer((request, response) => {
    const figure = fetched((answers += 1)) * 1000;
    const ids = new URL(request.url ?? '', 'http://x').searchParams.get('get')?.split(',');
    const list = (ids ?? []).filter((id) => !hidden.includes(id)).map((id) => ({ id, value: `${figure}.0` }));
    const names = ['read-records', 'write-records', 'read-bytes', 'write-bytes'];
    const times = ['accumulated-busy-time', 'accumulated-idle-time', 'accumulated-backpressured-time'];
    const told = Object.fromEntries([...names, ...times].map((name) => [name, figure + pageAhead]));
    response.end(JSON.stringify(ids === undefined ? { subtasks: [{ subtask: 0, metrics: told }] } : list));
  });
  const running = server;
  await new Promise<void>((resolve) => running.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(running.address() as AddressInfo).port}`;
}

describe('counters among the metrics and on the page', () => {
  it('that are the same do not differ, whenever the fetch comes', async () => {
    expect(await countersThatDiffer(await vertex((nth) => Math.floor(nth / 5)))).toEqual([]);
  });

  it('differ where the page says another figure', async () => {
    const differing = await countersThatDiffer(await vertex(() => 1, [], 7));
    expect(differing).toHaveLength(7);
    expect(differing[0]).toBe('subtask 0: numRecordsIn is 1000.0, read-records 1007');
  });

  it('differ where one is not there', async () => {
    expect(await countersThatDiffer(await vertex(() => 1, ['0.numBytesOut']))).toEqual([
      'subtask 0: numBytesOut is not there, write-bytes 1000',
    ]);
  });

  it('are not compared where they never stand still', async () => {
    const [only = ''] = await countersThatDiffer(await vertex((nth) => nth));
    expect(only).toMatch(/never the same twice in 10 tries/);
  });
});
