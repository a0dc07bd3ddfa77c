import { ClusterWatch } from '../cluster-watch.js';
import { routesFor, routesForCluster } from '../match.js';
import type { Outcome } from '../outcome.js';
import type { Route } from '../settings.js';
import type { ClusterView } from '../sighting.js';
import { alertKey, ended, findingAlert, lostClusterAlert, type Alert, type AlertContext } from './alerts.js';

/** Clients send again what still stands every 30 s to 3 min (prometheus.io/docs/alerting/latest/clients). */
const RESEND_MS = 60_000;
/** After a change, or a failure, it is not sent sooner than this after the last time. */
const MIN_GAP_MS = 5_000;
/** An end is told again for so long: where Alertmanager's clock is behind, an end that is still to come does not count. */
const ENDINGS_RESENT_MS = 120_000;
/** And for so long when it cannot be told; by then Alertmanager has ended the alert itself. */
const ENDINGS_KEPT_MS = 900_000;
/** Alerts of one request. */
export const MAX_BATCH = 200;

export type PostAlerts = (alerts: readonly Alert[], nowMs: number) => Promise<Outcome>;

export interface FeedOptions {
  readonly channel: string;
  readonly routes: readonly Route[];
  readonly publicUrl: string | undefined;
  readonly post: PostAlerts;
  readonly count: (channel: string, outcome: 'sent' | 'retried' | 'refused') => void;
  readonly say: (level: 'info' | 'warn' | 'error', channel: string, what: string) => void;
}

interface Ending {
  readonly alert: Alert;
  readonly sinceMs: number;
}

/**
 * What stands, told to Alertmanager again and again: it groups, repeats, silences and routes by itself, so neither group waits nor quiet hours
 * hold it up, and a restart of either side mends itself at the next beat.
 */
export class AlertmanagerFeed {
  readonly #options: FeedOptions;
  readonly #clusters = new ClusterWatch();
  readonly #endings = new Map<string, Ending>();
  #standing = new Map<string, Alert>();
  #sentMs = 0;
  #isDirty = true;
  #isFailing = false;
  #isNew = true;
  /** The server's own word on when to come again. */
  #notBeforeMs = 0;

  constructor(options: FeedOptions) {
    this.#options = options;
  }

  observe(view: ClusterView, nowMs: number): void {
    // The last findings of a cluster that cannot be read stand: nobody saw them end.
    this.#clusters.hear(view, nowMs);
    this.#isNew = true;
  }

  /** Sends when it is time; called every second or so, never twice at once. */
  async tick(nowMs: number): Promise<void> {
    const sinceMs = nowMs - this.#sentMs;
    if (nowMs < this.#notBeforeMs || sinceMs < MIN_GAP_MS || (sinceMs < RESEND_MS && !this.#isNew && !this.#isFailing))
      return;
    this.#compare(nowMs);
    if (sinceMs < (this.#isDirty || this.#isFailing ? MIN_GAP_MS : RESEND_MS)) return;
    const endings = [...this.#endings];
    const alerts = [...this.#standing.values(), ...endings.map(([, { alert }]) => alert)];
    this.#sentMs = nowMs;
    this.#isDirty = false;
    const outcomes: Outcome[] = [];
    for (let from = 0; from < alerts.length; from += MAX_BATCH)
      outcomes.push(await this.#options.post(alerts.slice(from, from + MAX_BATCH), nowMs));
    this.#note(outcomes, nowMs);
    if (this.#isFailing) return;
    for (const [key, { sinceMs: endedMs }] of endings)
      if (nowMs - endedMs >= ENDINGS_RESENT_MS) this.#endings.delete(key);
  }

  /** Which alerts are new, and which have ended since the last look. */
  #compare(nowMs: number): void {
    this.#isNew = false;
    const now = new Map(this.#alerts(nowMs).map((alert) => [alertKey(alert), alert]));
    for (const [key, alert] of this.#standing) {
      if (now.has(key)) continue;
      this.#endings.set(key, { alert: ended(alert, nowMs), sinceMs: nowMs });
      this.#isDirty = true;
    }
    for (const key of now.keys()) {
      if (!this.#standing.has(key)) this.#isDirty = true;
      this.#endings.delete(key);
    }
    for (const [key, { sinceMs }] of this.#endings) if (nowMs - sinceMs > ENDINGS_KEPT_MS) this.#endings.delete(key);
    this.#standing = now;
  }

  #alerts(nowMs: number): readonly Alert[] {
    const { routes } = this.#options;
    const findings = this.#clusters.views().flatMap(({ sightings, owner }) =>
      sightings.flatMap((sighting) => {
        if (!sighting.isToTell) return [];
        const route = this.#mine(routesFor(routes, { ...sighting, owner }));
        return route === undefined ? [] : [findingAlert(sighting, this.#context(route, owner), nowMs)];
      }),
    );
    const lost = this.#clusters.lost(nowMs).flatMap(({ view: { cluster, owner, jobNames }, sinceMs }) => {
      const route = this.#mine(routesForCluster(routes, { cluster, owner, jobNames }));
      return route === undefined ? [] : [lostClusterAlert(cluster, sinceMs, this.#context(route, owner), nowMs)];
    });
    return [...findings, ...lost];
  }

  #mine(routes: readonly Route[]): Route | undefined {
    return routes.find(({ channels }) => channels.includes(this.#options.channel));
  }

  #context({ language }: Route, owner: string | undefined): AlertContext {
    return { publicUrl: this.#options.publicUrl, language, owner };
  }

  /** Another try is due in any case: what stands is sent again. */
  #note(outcomes: readonly Outcome[], nowMs: number): void {
    const { channel, count, say } = this.#options;
    const wasFailing = this.#isFailing;
    this.#isFailing = false;
    for (const outcome of outcomes) {
      count(channel, outcome.kind === 'later' ? 'retried' : outcome.kind);
      if (outcome.kind === 'sent') continue;
      if (!wasFailing && !this.#isFailing) say('warn', channel, `${outcome.why}; sent again until it is taken`);
      this.#isFailing = true;
      if (outcome.kind === 'later') this.#notBeforeMs = nowMs + Math.min(outcome.afterMs ?? 0, ENDINGS_KEPT_MS);
    }
    if (wasFailing && !this.#isFailing) say('info', channel, 'takes alerts again');
  }
}
