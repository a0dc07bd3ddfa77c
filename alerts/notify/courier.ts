import { foldNotices, MAX_WAITING } from './fold.js';
import type { Outbox } from './outbox.js';
import type { Outcome, Send } from './outcome.js';
import { retryDelayMs, type Pace } from './pace.js';
import { newParcel, type Parcel } from './parcel.js';

/** A message that no attempt brought through in a day is old news: it is given up, and said. */
export const GIVE_UP_MS = 86_400_000;

export const COUNTED = ['sent', 'repeated', 'retried', 'refused', 'expired', 'folded'] as const;
export type Counted = (typeof COUNTED)[number];

export interface CourierParts {
  readonly channel: string;
  readonly outbox: Outbox;
  readonly send: Send;
  readonly pace: Pace;
  readonly nowMs: () => number;
  /** 0–1. */
  readonly chance: () => number;
  /** Resolves after that time, or at once when the signal says so. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly count: (channel: string, outcome: Counted) => void;
  readonly say: (level: 'info' | 'warn' | 'error', channel: string, what: string) => void;
}

/** Brings the messages of one channel out, one after the other, as fast as the channel takes them. */
export class Courier {
  readonly #parts: CourierParts;
  readonly #stopping = new AbortController();
  #wake: () => void = () => undefined;
  #done: Promise<void> = Promise.resolve();
  #wasFailing = false;

  constructor(parts: CourierParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#done = this.#run();
  }

  /** There is something new to send. */
  wake(): void {
    this.#wake();
  }

  /** Ends after the attempt under way. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#wake();
    await this.#done;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const parcel = this.#next();
      if (parcel === undefined) await this.#news();
      else await this.#deliver(parcel, signal);
    }
  }

  #news(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  /** The oldest; where too many wait, one in their place. */
  #next(): Parcel | undefined {
    const { outbox, channel, nowMs, count } = this.#parts;
    const waiting = outbox.waitingFor(channel);
    const [first] = waiting;
    if (first === undefined || waiting.length <= MAX_WAITING) return first;
    const messages = waiting.reduce((sum, { folded }) => sum + Math.max(1, folded), 0);
    const alreadyFolded = messages - waiting.length;
    const id = `${first.notice.route}-${nowMs().toString(36)}-all`;
    const notice = foldNotices(
      waiting.map((parcel) => parcel.notice),
      id,
      nowMs(),
      alreadyFolded,
    );
    const folded: Parcel = {
      // As old as its newest: what is fresh is not given up with what is not.
      ...newParcel(notice, channel, waiting.at(-1)?.createdMs ?? first.createdMs),
      attempts: first.attempts,
      nextMs: first.nextMs,
      isRepeated: waiting.some(({ isRepeated }) => isRepeated),
      folded: messages,
    };
    outbox.fold(
      waiting.map((parcel) => parcel.id),
      folded,
    );
    for (const { folded: before } of waiting) if (before === 0) count(channel, 'folded');
    return folded;
  }

  async #deliver(parcel: Parcel, signal: AbortSignal): Promise<void> {
    const { channel, outbox, send, pace, nowMs, sleep, count, say } = this.#parts;
    const now = nowMs();
    if (now - parcel.createdMs > GIVE_UP_MS) {
      outbox.end(parcel.id);
      count(channel, 'expired');
      say('error', channel, `given up after a day: ${parcel.notice.headline}`);
      return;
    }
    const readyMs = Math.max(parcel.nextMs, pace.readyMs(now));
    if (readyMs > now) {
      const woken = new AbortController();
      await Promise.race([sleep(readyMs - now, AbortSignal.any([signal, woken.signal])), this.#news()]);
      woken.abort();
      return;
    }
    outbox.trying(parcel);
    pace.note(now);
    const { id, isRepeated } = parcel;
    this.#settle(parcel, await attempt(() => send(parcel.notice, { id, nowMs: now, isRepeated })));
  }

  #settle(parcel: Parcel, outcome: Outcome): void {
    const { channel, outbox, nowMs, chance, count, say } = this.#parts;
    if (outcome.kind === 'later') {
      const attempts = parcel.attempts + 1;
      const delayMs = retryDelayMs(attempts, chance(), outcome.afterMs);
      outbox.late(parcel.id, nowMs() + delayMs, parcel.isRepeated || outcome.maybeArrived);
      count(channel, 'retried');
      if (!this.#wasFailing) say('warn', channel, `${outcome.why}; tried again until it takes it, for a day at most`);
      this.#wasFailing = true;
      return;
    }
    outbox.end(parcel.id);
    if (outcome.kind === 'refused') {
      count(channel, 'refused');
      say('error', channel, `refused, and not tried again: ${outcome.why}. Message: ${parcel.notice.headline}`);
      return;
    }
    count(channel, parcel.isRepeated ? 'repeated' : 'sent');
    if (this.#wasFailing) say('info', channel, 'takes messages again');
    this.#wasFailing = false;
  }
}

/** A sender never throws for what the other side does; a bug in one must not end the courier. */
async function attempt(send: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await send();
  } catch (error) {
    const why = `a bug in Weir: ${error instanceof Error ? error.message : String(error)}`;
    return { kind: 'later', why, maybeArrived: true };
  }
}
