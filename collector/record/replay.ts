import type { Clock } from '../clock.js';
import { failure } from '../flink/failures.js';
import type { Transport } from '../flink/transport.js';
import type { Reading } from '../model/index.js';
import type { BundleHeader } from './format.js';
import { maskPath } from './mask-body.js';
import { metricsFrom } from './metrics-from.js';
import type { BundleRound } from './read-bundle.js';

/** A cluster as it was: a transport and the clock that its answers move. */
export interface Replay {
  readonly transport: Transport;
  readonly clock: Clock;
  /** What is asked from now on is answered from this round. */
  load(round: BundleRound): void;
}

export function createReplay(header: BundleHeader): Replay {
  return new RoundReplay(header);
}

/** Which statistics a summary was asked for: recordings from before Weir said so hold all there are. */
const plain = (path: string): string => path.replace(/&agg=.*$/, '');

interface Waiting {
  readonly nth: number;
  readonly reading: Reading<string>;
  readonly resolve: (reading: Reading<string>) => void;
}

/**
 * Answers come in the order in which they came when they were recorded, each at its time, whatever the order in which they
 * are asked for: what the collector decides between two answers it decides again as it did then.
 */
class RoundReplay implements Replay {
  readonly transport: Transport;
  readonly clock: Clock;
  #nowMs: number;
  #round: BundleRound | undefined;
  #places = new Map<string, number[]>();
  /** The last answer of each path in the rounds before. Its size is bounded by the bundle's. */
  readonly #before = new Map<string, Reading<string>>();
  #waiting: Waiting[] = [];
  #isDue = false;

  constructor({ startMs, url, prefixBytes }: BundleHeader) {
    this.#nowMs = startMs;
    this.clock = { nowMs: () => this.#nowMs, sleep: () => Promise.resolve() };
    this.transport = {
      url,
      prefixBytes,
      read: (_endpoint, path) => this.#read(path),
      // Nobody is asked, so nothing is paced.
      setPace: () => undefined,
      close: () => Promise.resolve(),
    };
  }

  load(round: BundleRound): void {
    for (const { path, reading } of this.#round?.answers ?? []) if (reading.ok) this.#before.set(plain(path), reading);
    this.#round = round;
    this.#places = new Map();
    for (const [nth, answer] of round.answers.entries()) {
      const path = plain(answer.path);
      this.#places.set(path, [...(this.#places.get(path) ?? []), nth]);
    }
    this.#moveTo(round.startMs);
  }

  #read(asked: string): Promise<Reading<string>> {
    const path = plain(maskPath(asked));
    const places = this.#places.get(path) ?? [];
    // Asked more often than then: the last answer of the round again.
    const nth = places.length > 1 ? places.shift() : places[0];
    const answer = nth === undefined ? undefined : this.#round?.answers[nth];
    if (nth === undefined || answer === undefined) return Promise.resolve(this.#notRecorded(path));
    return new Promise((resolve) => {
      this.#waiting.push({ nth, reading: answer.reading, resolve });
      this.#answerLater();
    });
  }

  /**
   * A Weir that asks otherwise than the one that recorded, or that begins where the other had long begun: metrics can be put together,
   * of other pages the last answer is known, with its time.
   */
  #notRecorded(path: string): Reading<string> {
    const value = metricsFrom(this.#round?.answers ?? [], path);
    if (value !== undefined) return { ok: true, value, atMs: this.#nowMs };
    const before = this.#before.get(path);
    if (before !== undefined) return before;
    const message = `${path} was not asked when this bundle was recorded.`;
    return { ok: false, failure: failure('unavailable', message), atMs: this.#nowMs };
  }

  /** A turn later, when everything that is asked for before the next answer has been asked for. */
  #answerLater(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    setImmediate(() => {
      this.#isDue = false;
      const next = this.#waiting.reduce((first, other) => (other.nth < first.nth ? other : first));
      this.#waiting = this.#waiting.filter((other) => other !== next);
      const isLast = next.nth === (this.#round?.answers.length ?? 0) - 1;
      this.#moveTo(isLast ? (this.#round?.endMs ?? 0) : next.reading.atMs);
      next.resolve(next.reading);
      if (this.#waiting.length > 0) this.#answerLater();
    });
  }

  #moveTo(ms: number): void {
    this.#nowMs = Math.max(this.#nowMs, ms);
  }
}
