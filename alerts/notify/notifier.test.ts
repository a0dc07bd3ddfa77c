import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { MINUTE_MS, routeOf, sightingOf, viewWith } from '../testing/build.js';
import { createNotifier, type Notifier } from './notifier.js';
import type { Send } from './outcome.js';
import type { Sighting } from './sighting.js';

const START_MS = Date.UTC(2026, 10, 30, 12);
const A = sightingOf('orders/skew-hot-key');

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'weir-notifier-'));
  vi.useFakeTimers({ now: START_MS });
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(dir, { recursive: true });
});

interface Running {
  readonly notifier: Notifier;
  readonly sent: string[];
  readonly counts: string[];
  readonly said: string[];
  pass(ms: number): Promise<void>;
}

/** A notifier with the channels `chat` and `mail`, on a clock of the test. */
function run(send: Partial<Record<string, Send>> = {}, channels: readonly string[] = ['chat', 'mail']): Running {
  const sent: string[] = [];
  const counts: string[] = [];
  const said: string[] = [];
  const notifier = createNotifier({
    routes: [
      routeOf({ name: 'first', channels: ['chat'], goesOn: true }),
      routeOf({ name: 'second', channels: ['chat', 'mail'] }),
    ],
    channels: channels.map((name) => ({
      name,
      perMinute: 100,
      gapMs: 0,
      send: async (notice, delivery) => {
        sent.push(`${name} ${notice.route} ${notice.kind}${delivery.isRepeated ? ' again' : ''}`);
        return (await send[name]?.(notice, delivery)) ?? { kind: 'sent' };
      },
    })),
    feeds: [],
    context: { publicUrl: undefined },
    file: join(dir, 'outbox.jsonl'),
    nowMs: () => Date.now(),
    chance: () => 1,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, ms);
        signal.addEventListener('abort', () => {
          clearTimeout(timer);
          resolve();
        });
      }),
    count: (channel, outcome) => counts.push(`${channel} ${outcome}`),
    say: (_level, channel, what) => said.push(`${channel}: ${what}`),
  });
  notifier.start();
  return { notifier, sent, counts, said, pass: async (ms) => void (await vi.advanceTimersByTimeAsync(ms)) };
}

const show = ({ notifier }: Running, sightings: readonly Sighting[]): void => notifier.observe(viewWith(sightings));

it('sends each notice of a route through each of its channels', async () => {
  const running = run();
  show(running, [A]);
  await running.pass(2_000);
  expect(running.sent.sort()).toEqual(['chat first opened', 'chat second opened', 'mail second opened']);
  await running.notifier.stop();
});

it('holds up no channel because another is away', async () => {
  const running = run({ chat: async () => ({ kind: 'later', why: 'away', maybeArrived: false }) });
  show(running, [A]);
  await running.pass(10_000);
  expect(running.counts.filter((count) => count === 'mail sent')).toHaveLength(1);
  expect(running.counts.filter((count) => count === 'chat retried').length).toBeGreaterThan(2);
  await running.notifier.stop();
});

it('goes on after a restart with what was on its way, and says nothing twice', async () => {
  const before = run({ mail: async () => ({ kind: 'later', why: 'away', maybeArrived: false }) });
  show(before, [A]);
  await before.pass(2_000);
  await before.notifier.stop();
  const after = run();
  show(after, [A]);
  await after.pass(10 * MINUTE_MS);
  expect(after.sent).toEqual(['mail second opened']);
  await after.notifier.stop();
});

it('that is stopped while it sends does not wait without end, and sends that again, marked', async () => {
  const before = run({ mail: () => new Promise(() => undefined) });
  show(before, [A]);
  await before.pass(2_000);
  const stopped = before.notifier.stop();
  await before.pass(5_000);
  await stopped;
  const after = run();
  await after.pass(2_000);
  expect(after.sent).toEqual(['mail second opened again']);
  expect(after.counts).toEqual(['mail repeated']);
  await after.notifier.stop();
});

it('drops what is for a channel that there is no more, and says so', async () => {
  const before = run({ mail: async () => ({ kind: 'later', why: 'away', maybeArrived: false }) });
  show(before, [A]);
  await before.pass(2_000);
  await before.notifier.stop();
  const after = run({}, ['chat']);
  await after.pass(2_000);
  expect(after.sent).toEqual([]);
  expect(after.said).toEqual(['mail: no such channel any more: 1 message(s) for it are dropped']);
  await after.notifier.stop();
});
