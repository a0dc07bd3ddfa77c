import type { ChannelKind } from './settings.js';

/**
 * Messages a minute that a channel takes, by what its vendor documents: Slack one a second (docs.slack.dev/apis/web-api/rate-limits), DingTalk 20
 * (open.dingtalk.com/document/robots/custom-robot-access; beyond it the robot is mute for ten minutes), Feishu 100 and five a second
 * (open.feishu.cn/document/client-docs/bot-v3/add-custom-bot), WeCom 20 (developer.work.weixin.qq.com/document/path/91770). Mail and one's own
 * webhook have none; 30 and 60 are what a reader and a small receiver bear.
 */
export const MAX_PER_MINUTE: Readonly<Record<Exclude<ChannelKind, 'alertmanager'>, number>> = {
  slack: 60,
  dingtalk: 20,
  feishu: 100,
  wecom: 20,
  mail: 30,
  webhook: 60,
};
/** Between two messages of one channel: Slack takes one a second, Feishu five. */
export const MIN_GAP_MS: Readonly<Record<Exclude<ChannelKind, 'alertmanager'>, number>> = {
  slack: 1_000,
  dingtalk: 0,
  feishu: 200,
  wecom: 0,
  mail: 0,
  webhook: 0,
};
const MINUTE_MS = 60_000;

/** When a channel may be used again: at most so many attempts in any 60 s, and a gap between two. */
export class Pace {
  readonly #perMinute: number;
  readonly #gapMs: number;
  #attemptsMs: number[] = [];

  constructor(perMinute: number, gapMs: number) {
    this.#perMinute = perMinute;
    this.#gapMs = gapMs;
  }

  /** The earliest time of the next attempt. */
  readyMs(nowMs: number): number {
    this.#attemptsMs = this.#attemptsMs.filter((atMs) => nowMs - atMs < MINUTE_MS);
    const last = this.#attemptsMs.at(-1);
    const oldest = this.#attemptsMs.at(-this.#perMinute);
    return Math.max(nowMs, last === undefined ? 0 : last + this.#gapMs, oldest === undefined ? 0 : oldest + MINUTE_MS);
  }

  note(nowMs: number): void {
    this.#attemptsMs.push(nowMs);
  }
}

const FIRST_RETRY_MS = 1_000;
const MAX_RETRY_MS = 300_000;
/** What a server may ask us to wait; one that says more is asked again all the same. */
const MAX_RETRY_AFTER_MS = 3_600_000;

/**
 * How long to wait after the nth attempt that failed (1 = the first): doubled each time up to five minutes, then somewhere between half of it
 * and all of it, so that channels that failed together do not come back together. `chance` is 0–1. A server's own word counts where it is longer.
 */
export function retryDelayMs(attempts: number, chance: number, afterMs = 0): number {
  const full = Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(attempts - 1, 20));
  return Math.max(Math.round(full * (0.5 + chance / 2)), Math.min(afterMs, MAX_RETRY_AFTER_MS));
}
