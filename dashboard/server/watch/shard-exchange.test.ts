import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterEach, describe, expect, it } from 'vitest';
import { createMemoryStore, type SeriesStore } from '../../../collector/index.js';
import { requireToken } from '../auth.js';
import { problemHandler } from '../problem.js';
import { peerJobRoutes } from '../routes/peer-jobs.js';
import { shardRoutes } from '../routes/shard.js';
import { AWAY_AFTER_MS, ShardBoard } from './other-shards.js';
import { betweenPeers } from './shard-exchange.js';
import type { Watch } from './watch.js';

const TOKEN = 'a-token-of-the-fleet';
const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

interface Process {
  readonly url: string;
  readonly board: ShardBoard;
  readonly store: SeriesStore;
  readonly troubles: (string | undefined)[];
  /** Paths of its own job routes that were asked. */
  readonly asked: string[];
  stop(): Promise<void>;
}

let nowMs = Date.now();

/** A process of a fleet with its own store: real HTTP, a watch of clusters without jobs. */
async function startProcess(shard: number, cluster: string, peers: () => readonly string[]): Promise<Process> {
  const status = { name: cluster, url: 'http://x', reachable: true, requestsPerMinute: 1, rounds: 1, simulated: false, lastReadMs: nowMs }; // prettier-ignore
  const watch = { statuses: () => [status], reports: () => [] } as unknown as Watch; // The rest is not asked for.
  const store = createMemoryStore();
  const troubles: (string | undefined)[] = [];
  const exchange = betweenPeers({
    peers: peers(),
    token: TOKEN,
    store,
    onChange: (_peer, problem) => troubles.push(problem),
  });
  const board = new ShardBoard({ exchange, watch, shard, nowMs: () => nowMs, onBug: (error) => { throw error; } }); // prettier-ignore
  const asked: string[] = [];
  const app = express();
  app.use('/api/v1', requireToken(TOKEN), shardRoutes({ others: board }), peerJobRoutes({ watch, others: board }));
  app.use('/api/v1/jobs', (request, response) => {
    asked.push(`${request.url} ${request.get('accept-language')}`);
    response.status(200).json({ by: shard });
  });
  app.use(problemHandler(() => undefined));
  const server = createServer(app);
  await listening(server);
  const stop = async (): Promise<void> => {
    await board.stop();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  cleanUps.push(stop);
  const { port } = server.address() as AddressInfo; // It listens on TCP.
  return { url: `http://127.0.0.1:${port}`, board, store, troubles, asked, stop };
}

const listening = (server: Server): Promise<unknown> => new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined))); // prettier-ignore
const names = ({ board }: Process): string[] => board.clusters(nowMs).map(({ name, state }) => `${name} ${state}`);

/** What the board of a process is made to believe of a job it does not watch. */
function tellJob({ board }: Process, cluster: string): void {
  const known = board.knownMs.bind(board);
  board.knownMs = (name, jobId) => (name === cluster ? nowMs : known(name, jobId));
}

async function fleet(): Promise<{ readonly first: Process; readonly second: Process }> {
  const urls: string[] = [];
  const second = await startProcess(1, 'b', () => []);
  urls.push(second.url);
  const first = await startProcess(0, 'a', () => urls);
  second.board.tell();
  await first.board.ask();
  return { first, second };
}

describe('processes without a store in common', () => {
  it('show one fleet; a process that is away stays known, also to one that starts anew', async () => {
    nowMs = Date.now();
    const { first, second } = await fleet();
    expect(names(first)).toEqual(['b reachable']);
    await second.stop();
    nowMs += AWAY_AFTER_MS + 1;
    await first.board.ask();
    await first.board.ask();
    expect(names(first)).toEqual(['b unknown']);
    // Told once, not with every beat.
    expect(first.troubles).toHaveLength(1);
    const newcomer = new ShardBoard({
      exchange: betweenPeers({ peers: [second.url], store: first.store }),
      watch: { statuses: () => [], reports: () => [] } as unknown as Watch, // The rest is not asked for.
      shard: 0,
      nowMs: () => nowMs,
      onBug: () => undefined,
    });
    await newcomer.ask();
    expect(newcomer.clusters(nowMs).map(({ name, state }) => `${name} ${state}`)).toEqual(['b unknown']);
    await newcomer.stop();
  });

  it('ask the process that watches a job for all of its pages, in the language of the reader', async () => {
    const { first, second } = await fleet();
    tellJob(first, 'b');
    const headers = { authorization: `Bearer ${TOKEN}`, 'accept-language': 'zh-CN' };
    const answer = await fetch(`${first.url}/api/v1/jobs/b/j1/series?metric=busyRatio`, { headers });
    expect(await answer.json()).toEqual({ by: 1 });
    expect(second.asked).toEqual(['/b/j1/series?metric=busyRatio zh-CN']);
    expect(first.asked).toEqual([]);
  });

  it('do not send a question round in a circle', async () => {
    const { first, second } = await fleet();
    for (const one of [first, second]) tellJob(one, 'b');
    // The second one takes the first for the watcher of b, as after a change of the fleet.
    second.board.askFor = () => Promise.reject(new Error('must not be asked'));
    const answer = await fetch(`${first.url}/api/v1/jobs/b/j1`, { headers: { authorization: `Bearer ${TOKEN}` } });
    expect(await answer.json()).toEqual({ by: 1 });
  });

  it('say which cluster is not to be seen while its process does not answer', async () => {
    const { first, second } = await fleet();
    tellJob(first, 'b');
    await second.stop();
    const answer = await fetch(`${first.url}/api/v1/jobs/b/j1`, { headers: { authorization: `Bearer ${TOKEN}` } });
    expect(answer.status).toBe(503);
    expect(JSON.stringify(await answer.json())).toContain('watches b does not answer');
  });

  it('tell nobody without the token', async () => {
    const { second } = await fleet();
    expect((await fetch(`${second.url}/api/v1/shard`)).status).toBe(401);
  });
});
