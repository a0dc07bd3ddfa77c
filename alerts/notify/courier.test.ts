import { describe, expect, it } from 'vitest';
import { noticeWith } from '../testing/build.js';
import { Courier, GIVE_UP_MS, type Counted } from './courier.js';
import { MAX_WAITING } from './fold.js';
import type { Notice } from './notice.js';
import { Outbox } from './outbox.js';
import type { Delivery, Outcome } from './outcome.js';
import { Pace } from './pace.js';

interface Sent {
  readonly atMs: number;
  readonly notice: Notice;
  readonly delivery: Delivery;
}

/** A courier whose time passes only where it sleeps. It is stopped when there is nothing left to send. */
async function deliver(
  notices: readonly Notice[],
  outcomes: readonly Outcome[],
  { perMinute = 1_000, gapMs = 0, startMs = 0, throwsAt = 0 } = {},
): Promise<{ readonly sent: readonly Sent[]; readonly counts: readonly Counted[]; readonly said: readonly string[] }> {
  const outbox = new Outbox(undefined, () => undefined);
  outbox.commit({ entries: new Map(), notices }, () => ['chat'], 0);
  const sent: Sent[] = [];
  const counts: Counted[] = [];
  const said: string[] = [];
  let nowMs = startMs;
  let done: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => {
    done = resolve;
  });
  const courier = new Courier({
    channel: 'chat',
    outbox,
    pace: new Pace(perMinute, gapMs),
    nowMs: () => nowMs,
    chance: () => 1,
    sleep: async (ms) => {
      nowMs += ms;
    },
    send: async (notice, delivery) => {
      sent.push({ atMs: nowMs, notice, delivery });
      if (sent.length === throwsAt) throw new Error('oops');
      return outcomes[sent.length - 1] ?? { kind: 'sent' };
    },
    count: (_channel, outcome) => {
      counts.push(outcome);
      if (outbox.waitingFor('chat').length === 0) done();
    },
    say: (level, _channel, what) => said.push(`${level}: ${what}`),
  });
  courier.start();
  await finished;
  await courier.stop();
  return { sent, counts, said };
}

const notices = (count: number): readonly Notice[] =>
  Array.from({ length: count }, (_, i) => noticeWith({ id: `n${i}`, headline: `number ${i}` }));
const BUSY: Outcome = { kind: 'later', why: 'HTTP 503', maybeArrived: false };
const LOST: Outcome = { kind: 'later', why: 'no answer in time', maybeArrived: true };
const ASKED: Outcome = { kind: 'later', why: 'HTTP 429', maybeArrived: false, afterMs: 30_000 };

describe('a courier', () => {
  it('sends in order, each once', async () => {
    const { sent, counts } = await deliver(notices(3), []);
    expect(sent.map(({ delivery }) => delivery)).toEqual([
      { id: 'n0.chat', nowMs: 0, isRepeated: false },
      { id: 'n1.chat', nowMs: 0, isRepeated: false },
      { id: 'n2.chat', nowMs: 0, isRepeated: false },
    ]);
    expect(counts).toEqual(['sent', 'sent', 'sent']);
  });

  it('tries again later and later, and says once that it must, and that it is over', async () => {
    const { sent, counts, said } = await deliver(notices(1), [BUSY, BUSY, BUSY]);
    expect(sent.map(({ atMs }) => atMs)).toEqual([0, 1_000, 3_000, 7_000]);
    expect(sent.every(({ delivery }) => !delivery.isRepeated && delivery.id === 'n0.chat')).toBe(true);
    expect(counts).toEqual(['retried', 'retried', 'retried', 'sent']);
    expect(said).toEqual([
      'warn: HTTP 503; tried again until it takes it, for a day at most',
      'info: takes messages again',
    ]);
  });

  it('marks a message whose first attempt may have arrived', async () => {
    const { sent, counts } = await deliver(notices(2), [LOST, BUSY]);
    expect(sent.map(({ delivery }) => [delivery.id, delivery.isRepeated])).toEqual([
      ['n0.chat', false],
      ['n0.chat', true],
      ['n0.chat', true],
      ['n1.chat', false],
    ]);
    expect(counts).toEqual(['retried', 'retried', 'repeated', 'sent']);
  });

  it('comes back when the server said so', async () => {
    const { sent } = await deliver(notices(1), [ASKED]);
    expect(sent.map(({ atMs }) => atMs)).toEqual([0, 30_000]);
  });

  it('does not try again what is refused, says which, and goes on', async () => {
    const { sent, counts, said } = await deliver(notices(2), [{ kind: 'refused', why: 'HTTP 404' }]);
    expect(sent).toHaveLength(2);
    expect(counts).toEqual(['refused', 'sent']);
    expect(said).toEqual(['error: refused, and not tried again: HTTP 404. Message: number 0']);
  });

  it('outlives a bug of its sender', async () => {
    const { sent, counts, said } = await deliver(notices(1), [], { throwsAt: 1 });
    expect(sent.map(({ delivery }) => delivery.isRepeated)).toEqual([false, true]);
    expect(counts).toEqual(['retried', 'repeated']);
    expect(said[0]).toContain('a bug in Weir: oops');
  });

  it('gives up what is a day old', async () => {
    const { sent, counts, said } = await deliver(notices(1), [], { startMs: GIVE_UP_MS + 1 });
    expect(sent).toEqual([]);
    expect(counts).toEqual(['expired']);
    expect(said).toEqual(['error: given up after a day: number 0']);
  });

  it('keeps to the pace of its channel', async () => {
    const { sent } = await deliver(notices(5), [], { perMinute: 2, gapMs: 1_000 });
    expect(sent.map(({ atMs }) => atMs)).toEqual([0, 1_000, 60_000, 61_000, 120_000]);
  });

  it('folds what waits into one message when it is too much, and counts it', async () => {
    const many = notices(MAX_WAITING + 5).map((notice, i) => ({
      ...notice,
      items: notice.items.map((item) => ({ ...item, findingId: `f${i}` })),
    }));
    const { sent, counts } = await deliver(many, [BUSY]);
    expect(sent).toHaveLength(2);
    expect(sent[1]?.notice).toMatchObject({
      kind: 'digest',
      headline: '15 messages in one: this channel takes no more at a time',
      severity: 'critical',
    });
    expect(sent[1]?.notice.items.map(({ findingId }) => findingId)).toHaveLength(15);
    expect(counts.filter((outcome) => outcome === 'folded')).toHaveLength(15);
    expect(counts.at(-1)).toBe('sent');
  });
});
