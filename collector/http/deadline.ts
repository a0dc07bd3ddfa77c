import { EventEmitter } from 'node:events';

/**
 * Ends a request after a time, as a signal that undici takes. `AbortSignal.timeout` does the same, but its timer, signal and error
 * live on until the time has passed, long after the answer: of 1000 jobs read every 10 s some 4000 at any moment, all of
 * them work for the garbage collector.
 */
export class Deadline extends EventEmitter {
  readonly aborted = false;
  /** What undici rejects with. */
  reason: Error | undefined;
  readonly #timer: NodeJS.Timeout;

  constructor(timeoutMs: number) {
    super();
    this.#timer = setTimeout(() => {
      this.reason = Object.assign(new Error(`no answer within ${timeoutMs} ms`), { name: 'TimeoutError' });
      this.emit('abort');
    }, timeoutMs);
  }

  /** The answer is there. */
  met(): void {
    clearTimeout(this.#timer);
  }
}
