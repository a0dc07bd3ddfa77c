import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startReceiver, type Receiver, type Received } from '../../alerts/testing/receiver.js';
import { ClusterSim } from '../../sim/model/cluster-sim.js';
import { DEMO_JOBS } from '../../sim/demo/jobs.js';
import { serveSim, type SimServer } from '../../sim/server.js';
import { startNotifier } from '../support/notifier-child.js';
import { runWeir, startService, temporaryDir, until, type RunningService } from '../support/service.js';

interface Message {
  readonly deliveryId: string;
  readonly possiblyRepeated: boolean;
  readonly kind: string;
  readonly jobName?: string;
  readonly severity: string;
  readonly link?: string;
  readonly findings: readonly {
    readonly findingId: string;
    readonly title: string;
    readonly action?: { readonly title: string };
  }[];
}

const FIRST_MS = 150_000;
/** Times that a notifier is killed, each a little later in its work. */
const KILLS = 10;
/** Findings go on over a restart, and none is told a second time within this. */
const QUIET_MS = 20_000;
const read = ({ body }: Received): Message => JSON.parse(body) as Message; // The body is that of docs/alerts.md.

const dir = temporaryDir();
const services: RunningService[] = [];
let receiver: Receiver;
let cluster: SimServer;

beforeAll(async () => {
  receiver = await startReceiver((_received, response) => response.end('ok'));
  cluster = await serveSim(new ClusterSim(DEMO_JOBS, Date.now() - 600_000), () => Date.now());
  writeFileSync(
    join(dir.path, 'weir.yaml'),
    [
      'server: { publicUrl: https://weir.example }',
      'alerts:',
      `  channels: [{ name: hook, kind: webhook, url: '${receiver.url}/hook' }]`,
      '  routes: [{ name: all, channels: [hook], groupWait: 0s }]',
    ].join('\n'),
  );
});
afterAll(async () => {
  for (const service of services) await service.end('SIGKILL');
  await cluster.close();
  await receiver.close();
  dir.remove();
});

async function start(): Promise<RunningService> {
  const service = await startService(['--data', dir.path, '--flink', cluster.url], dir.path);
  services.push(service);
  return service;
}

describe('kill -9 while a message is being sent', () => {
  it('sends it again, marked, under its id, and tells nothing else twice', async () => {
    // The first message is taken in and never answered: that is the moment to die in.
    let held: ServerResponse | undefined = undefined as ServerResponse | undefined;
    receiver.answer((_received, response) => {
      held = response;
    });
    const first = await start();
    await until(async () => held !== undefined, FIRST_MS, 'a message under way');
    await first.end('SIGKILL');
    held?.destroy();
    const [cut] = receiver.received.map(read);
    if (cut === undefined) throw new Error('no message');
    expect(cut).toMatchObject({ kind: 'opened', possiblyRepeated: false });
    expect(cut.link).toMatch(/^https:\/\/weir\.example\/jobs\/[^/]+\/[^/?]+\?at=\d+/);
    expect(cut.findings[0]?.action?.title).not.toBe('');

    receiver.answer((_received, response) => response.end('ok'));
    const second = await start();
    await until(async () => receiver.received.length >= 2, FIRST_MS, 'the message again');
    expect(read(receiver.received[1] ?? { method: '', path: '', headers: {}, body: '{}' })).toEqual({
      ...cut,
      possiblyRepeated: true,
    });

    // All faults of the demo are told by now or will be: each once.
    const jobs = (): ReadonlySet<string | undefined> =>
      new Set(receiver.received.map(read).map(({ jobName }) => jobName));
    await until(async () => jobs().size >= 3, FIRST_MS, 'three jobs to be told of');
    await second.end('SIGKILL');
    const told = receiver.received.length;
    await start();
    const sinceMs = Date.now();
    await until(async () => Date.now() > sinceMs + QUIET_MS, QUIET_MS + 10_000, 'time to repeat something');
    const messages = receiver.received.map(read);
    expect(messages.length).toBeGreaterThanOrEqual(told);
    const again = messages.filter(
      ({ deliveryId }, i) => messages.findIndex((one) => one.deliveryId === deliveryId) < i,
    );
    expect(again.length).toBeGreaterThanOrEqual(1);
    expect(again.every(({ possiblyRepeated }) => possiblyRepeated)).toBe(true);
    const opened = messages
      .filter((message) => message.kind === 'opened' && message.severity === 'warning' && !again.includes(message))
      .flatMap(({ findings }) => findings.map(({ findingId }) => findingId));
    expect(opened.length).toBe(new Set(opened).size);
    const metrics = await (await fetch(`${services.at(-1)?.url ?? ''}/metrics`)).text();
    expect(metrics).toContain('# TYPE weir_notifications_total counter');
  }, 600_000);
});

describe('kill -9 at any moment', () => {
  it('loses no message, and marks each that comes a second time', async () => {
    const file = join(dir.path, 'any-moment.jsonl');
    const hook = await startReceiver((_received, response) => {
      setTimeout(() => response.end('ok'), 40);
    });
    const all: string[] = [];
    for (let round = 0; round < KILLS; round += 1) {
      const jobs = [0, 1, 2, 3].map((nth) => `job-${round}-${nth}`);
      all.push(...jobs);
      const child = await startNotifier(`${hook.url}/hook`, file, jobs);
      // Before, while and after it decides and sends: it looks every 2 s.
      await new Promise((resolve) => setTimeout(resolve, 1_960 + round * 25));
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    }
    const last = await startNotifier(`${hook.url}/hook`, file, all.slice(-4));
    const messages = (): readonly Message[] => hook.received.map(read);
    const told = (): ReadonlySet<string | undefined> => new Set(messages().map(({ jobName }) => jobName));
    const decided = new Set(
      [...readFileSync(file, 'utf8').matchAll(/"jobName":"(job-[\d-]+)"/g)].map(([, job = '']) => job),
    );
    await until(async () => [...decided].every((job) => told().has(job)), 30_000, 'all that was decided to be told');
    const gone = once(last, 'exit');
    last.kill('SIGKILL');
    await gone;
    await hook.close();
    const again = messages().filter(
      ({ deliveryId }, i) => messages().findIndex((one) => one.deliveryId === deliveryId) < i,
    );
    expect(decided.size).toBeGreaterThan(KILLS);
    expect(again.every(({ possiblyRepeated }) => possiblyRepeated)).toBe(true);
    // Some must have been cut off, or this shows nothing.
    expect(again.length).toBeGreaterThan(0);
  }, 180_000);
});

describe('weir serve', () => {
  it('does not start without the secret of a channel, and says which', async () => {
    const other = temporaryDir();
    writeFileSync(join(other.path, 'weir.yaml'), 'alerts: { channels: [{ name: team-chat, kind: slack }] }\n');
    const { code, stderr } = await runWeir(['serve', '--flink', cluster.url], other.path);
    expect([code, stderr]).toEqual([
      2,
      'weir: alerts.channels.0: needs the URL to send to, which begins with https://: name its file with urlFile, or set WEIR_ALERTS_TEAM_CHAT_URL\n',
    ]);
    other.remove();
  });
});

describe('weir alerts test', () => {
  it('sends a sample and says that it was taken', async () => {
    receiver.answer((_received, response) => response.end('ok'));
    const before = receiver.received.length;
    const { code, stdout } = await runWeir(['alerts', 'test', '--lang', 'zh-CN'], dir.path);
    expect([code, stdout]).toEqual([0, 'hook: sent\n']);
    const sample = receiver.received
      .slice(before)
      .map(read)
      .find(({ kind }) => kind === 'test');
    expect(sample?.findings[0]?.title).toContain('示例');
  });

  it('says what the channel said, and exits 1', async () => {
    receiver.answer((_received, response) => response.writeHead(410).end('gone'));
    const { code, stdout } = await runWeir(['alerts', 'test', '--channel', 'hook'], dir.path);
    expect([code, stdout]).toEqual([1, 'hook: refused: HTTP 410, gone\n']);
  });

  it('knows which channels there are', async () => {
    const { code, stderr } = await runWeir(['alerts', 'test', '--channel', 'slck'], dir.path);
    expect([code, stderr]).toEqual([2, 'weir: --channel slck: there is no such channel (there are: hook)\n']);
  });

  it('needs a channel', async () => {
    const empty = temporaryDir();
    const { code, stderr } = await runWeir(['alerts', 'test'], empty.path);
    expect(code).toBe(2);
    expect(stderr).toContain('alerts.channels: there is none');
    empty.remove();
  });
});
