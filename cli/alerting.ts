import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Counted } from '../alerts/notify/courier.js';
import { createNotifier } from '../alerts/notify/notifier.js';
import { createHttp } from '../alerts/notify/send/http.js';
import type { Route } from '../alerts/notify/settings.js';
import { viewOf } from '../alerts/notify/sighting.js';
import { proxyFromEnvironment } from '../collector/index.js';
import type { Watch } from '../dashboard/server/watch/watch.js';
import { channelsOf } from './alert-channels.js';
import { unknownAlertSecrets } from './config/alert-secrets.js';
import type { AlertsConfig } from './config/alerts-schema.js';
import { UsageError } from './config/load.js';
import type { Config } from './config/schema.js';

export interface AlertingParts {
  readonly config: Pick<Config, 'alerts' | 'server' | 'shard' | 'store'>;
  readonly watch: Watch;
  /** Who owns a cluster, by its name. */
  readonly owners: ReadonlyMap<string, string>;
  readonly count: (channel: string, outcome: Counted) => void;
  readonly onBug: (error: Error) => void;
  readonly log: Logger;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Tells people what the watch finds, where the configuration names channels. Returns what ends it. */
export function startAlerting(parts: AlertingParts): () => Promise<void> {
  const { config, watch, owners, count, onBug, log, env } = parts;
  const { alerts, server, store, shard } = config;
  if (alerts.channels.length === 0) return async () => undefined;
  if (server.publicUrl === undefined)
    log.warn('alerts carry no links: set server.publicUrl to the address that people use');
  const http = createHttp(proxyFromEnvironment(env));
  const notifier = createNotifier({
    routes: routesOf(alerts),
    ...channelsOf(alerts.channels, http, env),
    context: { publicUrl: server.publicUrl },
    file: store.kind === 'memory' ? undefined : outboxFile(store.dir, shard.index),
    nowMs: () => Date.now(),
    chance: Math.random,
    sleep: (ms, signal) => delay(ms, undefined, { signal }).catch(() => undefined),
    count,
    say: (level, channel, what) => log[level]({ channel }, `alerts: ${what}`),
  });
  const unsubscribe = watch.onChange(({ cluster }) => {
    try {
      const status = watch.statuses().find(({ name }) => name === cluster);
      const state = status === undefined ? 'gone' : status.reachable ? 'reachable' : 'unknown';
      const reports = watch.reports().filter((report) => report.cluster === cluster);
      notifier.observe(viewOf(cluster, owners.get(cluster), state, reports));
    } catch (error) {
      onBug(error instanceof Error ? error : new Error(String(error)));
    }
  });
  notifier.start();
  return async () => {
    unsubscribe();
    await notifier.stop();
    await http.close();
  };
}

/** Told before anything is opened: throws a UsageError with all that is missing, and with variables that belong to no channel. */
export function checkAlertSecrets(alerts: AlertsConfig, env: AlertingParts['env']): void {
  const strays = unknownAlertSecrets(env, alerts);
  if (strays.length > 0) throw new UsageError(strays);
  channelsOf(
    alerts.channels,
    createHttp(() => undefined),
    env,
  );
}

/** Processes that share a folder must not share the file. */
const outboxFile = (dir: string, shard: number): string =>
  join(dir, 'alerts', shard === 0 ? 'outbox.jsonl' : `outbox-${shard}.jsonl`);

/** Without a route every channel is told everything. */
export function routesOf({ channels, routes }: AlertsConfig): readonly Route[] {
  if (routes.length === 0) {
    return [
      {
        name: 'all',
        channels: channels.map(({ name }) => name),
        match: { severity: 'warning' },
        goesOn: false,
        language: 'en',
        groupWaitMs: 30_000,
        repeatMs: 14_400_000,
        tellsResolved: true,
      },
    ];
  }
  return routes.map(({ name, channels: to, match, quietHours, ...route }) => ({
    name,
    channels: to,
    match: {
      severity: match.severity,
      ...(match.owners === undefined ? {} : { owners: match.owners }),
      ...(match.clusters === undefined ? {} : { clusters: match.clusters }),
      ...(match.jobs === undefined ? {} : { jobs: match.jobs }),
    },
    goesOn: route.continue,
    language: route.language,
    groupWaitMs: route.groupWait,
    repeatMs: route.repeatInterval,
    tellsResolved: route.resolved,
    ...(quietHours === undefined
      ? {}
      : {
          quietHours: {
            fromMinute: quietHours.from,
            toMinute: quietHours.to,
            timeZone: quietHours.timeZone,
            criticalPasses: quietHours.criticalPasses,
          },
        }),
  }));
}
