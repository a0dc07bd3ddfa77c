import { AlertmanagerFeed, type PostAlerts } from './alertmanager/feed.js';
import type { Context } from './compose.js';
import { Courier, type Counted, type CourierParts } from './courier.js';
import { Ledger } from './ledger.js';
import type { Notice } from './notice.js';
import { Outbox } from './outbox.js';
import type { Send } from './outcome.js';
import { Pace } from './pace.js';
import type { Route } from './settings.js';
import type { ClusterView } from './sighting.js';

/** How often what is due is looked for: group waits and quiet hours end between rounds, and rounds of many clusters come at any time. */
const TICK_MS = 2_000;

/** What the end of the service waits for an attempt under way; a slower one counts as possibly arrived. */
const STOP_MS = 5_000;

export interface ChannelParts {
  readonly name: string;
  readonly send: Send;
  readonly perMinute: number;
  readonly gapMs: number;
}

export interface FeedParts {
  readonly name: string;
  readonly post: PostAlerts;
}

export interface NotifierOptions {
  readonly routes: readonly Route[];
  /** Channels that are sent messages. */
  readonly channels: readonly ChannelParts[];
  /** Channels that are told what stands: Alertmanagers. */
  readonly feeds: readonly FeedParts[];
  readonly context: Context;
  /** File that keeps what is told and on its way; missing: nothing outlives the process. */
  readonly file: string | undefined;
  readonly nowMs: () => number;
  readonly chance: () => number;
  readonly sleep: CourierParts['sleep'];
  readonly count: (channel: string, outcome: Counted) => void;
  readonly say: CourierParts['say'];
}

export interface Notifier {
  /** What a round has shown of a cluster. */
  observe(view: ClusterView): void;
  start(): void;
  /** Ends after the attempts under way; what waits is kept. */
  stop(): Promise<void>;
}

/** Tells people: decides by the ledger, keeps by the outbox, sends by one courier per channel. */
export function createNotifier(options: NotifierOptions): Notifier {
  const { routes, channels, context, file, nowMs, say } = options;
  const feeds = options.feeds.map(
    ({ name, post }) => new AlertmanagerFeed({ ...options, ...context, channel: name, post }),
  );
  const outbox = new Outbox(file, (problem) => say('error', 'outbox', problem));
  const ledger = new Ledger({ routes, context, told: outbox.entries, startedMs: nowMs() });
  const couriers = channels.map(({ name, send, perMinute, gapMs }): readonly [string, Courier] => [
    name,
    new Courier({ ...options, channel: name, outbox, send, pace: new Pace(perMinute, gapMs) }),
  ]);
  const known = new Set(channels.map(({ name }) => name));
  let timer: NodeJS.Timeout | undefined;
  let feeding: Promise<unknown> | undefined;
  let droppedBefore = 0;

  function channelsOf({ route }: Notice): readonly string[] {
    return routes.find(({ name }) => name === route)?.channels.filter((name) => known.has(name)) ?? [];
  }

  function tick(): void {
    const decision = ledger.decide(nowMs());
    outbox.commit(decision, channelsOf, nowMs());
    if (decision.notices.length > 0) for (const [, courier] of couriers) courier.wake();
    if (ledger.dropped > droppedBefore && droppedBefore === 0)
      say('error', 'ledger', 'more causes than can be kept in mind; the newest are not told');
    droppedBefore = ledger.dropped;
    feeding ??= Promise.allSettled(feeds.map((feed) => feed.tick(nowMs()))).finally(() => {
      feeding = undefined;
    });
  }

  /** A bug here costs this look, never the service. */
  function safely(): void {
    try {
      tick();
    } catch (error) {
      say(
        'error',
        'ledger',
        `a bug in Weir: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
    }
  }

  /** Channels that the configuration has no more. */
  function dropStrays(): void {
    for (const channel of outbox.channels) {
      if (known.has(channel)) continue;
      const stray = outbox.waitingFor(channel);
      for (const { id } of stray) outbox.end(id);
      say('warn', channel, `no such channel any more: ${stray.length} message(s) for it are dropped`);
    }
  }

  return {
    observe(view) {
      ledger.observe(view, nowMs());
      for (const feed of feeds) feed.observe(view, nowMs());
    },
    start() {
      dropStrays();
      for (const [, courier] of couriers) courier.start();
      timer = setInterval(safely, TICK_MS);
      timer.unref();
    },
    async stop() {
      clearInterval(timer);
      const ended = Promise.all([feeding, ...couriers.map(([, courier]) => courier.stop())]);
      const waiting = new AbortController();
      await Promise.race([ended, options.sleep(STOP_MS, waiting.signal)]);
      waiting.abort();
      outbox.close();
    },
  };
}
