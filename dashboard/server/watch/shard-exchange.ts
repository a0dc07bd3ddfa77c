import { Agent, request, type Dispatcher } from 'undici';
import { z } from 'zod';
import type { SeriesStore } from '../../../collector/index.js';

/** What a process leaves for the others about one cluster. A later word of the same hour replaces it. */
export interface ShardWord {
  readonly cluster: string;
  readonly hourMs: number;
  readonly body: string;
}

/** How processes tell each other what they watch. */
export interface ShardExchange {
  leave(word: ShardWord): void;
  /** Bodies of the hours from `fromMs` on. Rejects when the store does not answer. */
  read(fromMs: number, toMs: number): Promise<readonly string[]>;
  /** One GET of the API of the process that watches a cluster; undefined where none is known, or where all share a store. */
  askFor?(cluster: string, pathAndQuery: string, language: string): Promise<PeerAnswer | undefined>;
  close(): Promise<void>;
}

/** What another process has answered. */
export interface PeerAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** Says that a process asks, not a person. */
export const PEER_HEADER = 'x-weir-peer';

/** Kind of the records in which words are kept. */
export const SHARD_KIND = 'shard';

const reportOf = ({ cluster, hourMs, body }: ShardWord): Parameters<SeriesStore['saveReport']>[0] => ({
  cluster,
  jobName: '',
  jobId: '',
  atMs: hourMs,
  kind: SHARD_KIND,
  body,
});

/** Through a store that all processes share. */
export function throughStore(store: SeriesStore): ShardExchange {
  return {
    leave: (word) => void store.saveReport(reportOf(word)),
    read: async (fromMs, toMs) => (await store.loadReports({ kind: SHARD_KIND, fromMs, toMs })).map(({ body }) => body),
    close: () => Promise.resolve(),
  };
}

export interface PeersOptions {
  /** Base URLs of the other processes, path prefix included. */
  readonly peers: readonly string[];
  /** All processes have the same one. */
  readonly token?: string;
  /** Keeps the words of the others, so that a process that starts anew knows those that are away. */
  readonly store: SeriesStore;
  /** A peer does not answer, or again: told once each time. */
  readonly onChange?: (peer: string, problem: string | undefined) => void;
  readonly timeoutMs?: number;
  readonly maxBytes?: number;
}

/** Time for one peer's answer: shorter than the beat in which they are asked. */
const PEER_TIMEOUT_MS = 5_000;
/** Of one peer: eight clusters of a thousand jobs each. */
const MAX_PEER_BYTES = 64 * 2 ** 20;

const answer = z.object({
  words: z.array(z.object({ cluster: z.string(), hourMs: z.number(), body: z.string() })),
});

/** From each other over the API, where the store has no place for it. */
export function betweenPeers(options: PeersOptions): ShardExchange {
  const { peers, token, store, timeoutMs = PEER_TIMEOUT_MS, maxBytes = MAX_PEER_BYTES } = options;
  const dispatcher: Dispatcher = new Agent({
    connections: 1,
    maxResponseSize: maxBytes,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    connect: { timeout: timeoutMs },
  });
  const silent = new Set<string>();
  const peerOf = new Map<string, string>();

  async function get(peer: string, path: string, language = 'en'): Promise<PeerAnswer> {
    const { statusCode, headers, body } = await request(`${peer.replace(/\/$/, '')}/api/v1${path}`, {
      dispatcher,
      headers: {
        'accept-language': language,
        [PEER_HEADER]: '1',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
    });
    return { status: statusCode, contentType: String(headers['content-type'] ?? ''), body: await body.text() };
  }

  async function wordsOf(peer: string): Promise<readonly ShardWord[]> {
    const { status, body } = await get(peer, '/shard');
    if (status !== 200) throw new Error(`HTTP ${status}`);
    return answer.parse(JSON.parse(body)).words;
  }

  function note(peer: string, problem: string | undefined): void {
    if (silent.has(peer) === (problem !== undefined)) return;
    if (problem === undefined) silent.delete(peer);
    else silent.add(peer);
    options.onChange?.(peer, problem);
  }

  async function ask(peer: string): Promise<void> {
    try {
      for (const word of await wordsOf(peer)) {
        peerOf.set(word.cluster, peer);
        void store.saveReport(reportOf(word));
      }
      note(peer, undefined);
    } catch (error) {
      note(peer, error instanceof Error ? (error.message.split('\n', 1)[0] ?? error.name) : String(error));
    }
  }

  return {
    // The others come and ask.
    leave: () => undefined,
    async read(fromMs, toMs) {
      await Promise.all(peers.map(ask));
      return throughStore(store).read(fromMs, toMs);
    },
    async askFor(cluster, pathAndQuery, language) {
      const peer = peerOf.get(cluster);
      return peer === undefined ? undefined : get(peer, pathAndQuery, language);
    },
    close: () => dispatcher.destroy(),
  };
}
