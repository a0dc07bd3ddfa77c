import { createServer } from 'node:http';
import { once } from 'node:events';
import { z } from 'zod';

/** One alert as it reached the receiver, in a message with others or alone. */
export interface Heard {
  readonly atMs: number;
  /** `alertmanager`, or `weir` for the message of Weir's own webhook. */
  readonly via: 'alertmanager' | 'weir';
  readonly isFiring: boolean;
  readonly name: string;
  /** Flink's name, or as the reporter writes it. */
  readonly vertex: string;
  readonly summary: string;
  readonly action: string;
}

const texts = z.record(z.string(), z.string());
/** The webhook of Alertmanager, and Weir's (docs/alerts.md). */
const fromAlertmanager = z.object({
  alerts: z.array(z.object({ status: z.enum(['firing', 'resolved']), labels: texts, annotations: texts })),
});
const fromWeir = z.object({
  status: z.enum(['firing', 'resolved']),
  findings: z.array(
    z.object({
      rule: z.string(),
      vertex: z.string().optional(),
      title: z.string(),
      action: z.object({ title: z.string() }).optional(),
    }),
  ),
});

const BODY_LIMIT_BYTES = 1024 * 1024;

export interface ChainReceiver {
  readonly url: string;
  readonly heard: readonly Heard[];
  close(): Promise<void>;
}

/** The last link of the chain: takes the webhooks of Alertmanager (any path) and of Weir (`/weir`). */
export async function startChainReceiver(): Promise<ChainReceiver> {
  const heard: Heard[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > BODY_LIMIT_BYTES) request.destroy();
      else chunks.push(chunk);
    });
    request.on('end', () => {
      const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
      heard.push(...(request.url === '/weir' ? readWeir(body) : readAlertmanager(body)));
      response.end('ok');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the receiver listens on no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    heard,
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

const readAlertmanager = (body: unknown): readonly Heard[] =>
  fromAlertmanager.parse(body).alerts.map(({ status, labels, annotations }) => ({
    atMs: Date.now(),
    via: 'alertmanager',
    isFiring: status === 'firing',
    name: labels['alertname'] ?? '',
    vertex: labels['vertex'] ?? labels['task_name'] ?? '',
    summary: annotations['summary'] ?? '',
    action: annotations['action'] ?? '',
  }));

function readWeir(body: unknown): readonly Heard[] {
  const { status, findings } = fromWeir.parse(body);
  return findings.map(({ rule, vertex = '', title, action }) => ({
    atMs: Date.now(),
    via: 'weir',
    isFiring: status === 'firing',
    name: rule,
    vertex,
    summary: title,
    action: action?.title ?? '',
  }));
}
