/** How far back requests are counted. */
const WINDOW_MS = 60_000;
/** Rounds remembered; a round lasts at least a second or so. */
const MAX_MARKS = 120;

/** Requests per minute, from how many each round cost. */
export class RequestRate {
  readonly #marks: { readonly atMs: number; readonly requests: number }[] = [];

  add(atMs: number, requests: number): void {
    this.#marks.push({ atMs, requests });
    if (this.#marks.length > MAX_MARKS) this.#marks.shift();
  }

  perMinute(nowMs: number): number {
    return this.#marks.filter((mark) => nowMs - mark.atMs < WINDOW_MS).reduce((sum, mark) => sum + mark.requests, 0);
  }
}
