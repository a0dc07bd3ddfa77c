const TICK_MS = 1000;
/** The `Date` header has whole seconds only: smaller differences are no skew. */
const OFFSET_MIN_MS = 2500;

/** The time now by the server's clock, so that ages are right on a laptop whose clock is not. */
class Clock {
  #nowMs = $state(Date.now());
  #offsetMs = 0;

  get nowMs(): number {
    return this.#nowMs;
  }

  learnOffset(offsetMs: number | undefined): void {
    if (offsetMs === undefined) return;
    this.#offsetMs = Math.abs(offsetMs) < OFFSET_MIN_MS ? 0 : offsetMs;
  }

  tick(): void {
    this.#nowMs = Date.now() + this.#offsetMs;
  }

  start(): () => void {
    const timer = setInterval(() => this.tick(), TICK_MS);
    return () => clearInterval(timer);
  }
}

export const clock = new Clock();
