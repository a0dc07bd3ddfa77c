import type { Logger } from 'pino';
import type { Discovery, SeriesStore } from '../../collector/index.js';
import type { Config } from '../config/schema.js';
import { keptReports } from './kept-reports.js';
import { pricesOf } from './prices.js';
import type { Recipients } from './report-run.js';
import { reportSchedule, type ReportSchedule } from './report-schedule.js';
import { mailSender } from './mail-sender.js';
import { forgetfulRecord, sentRecord } from './sent-record.js';
import { weeklyReportsOf, type MadeReports } from './weekly-reports.js';

export interface ServiceReportsOptions {
  readonly config: Config;
  readonly store: SeriesStore;
  readonly demo: boolean;
  readonly discoveries: readonly Discovery[];
  readonly nowMs: () => number;
  readonly onBug: (error: Error) => void;
  readonly log: Logger;
}

/** What the service serves of reports, and the schedule that makes them; the demo has none. */
export interface ServiceReports {
  readonly weeklyReports: MadeReports;
  readonly schedule?: ReportSchedule;
}

export function serviceReports(options: ServiceReportsOptions): ServiceReports {
  const { config, store, demo, discoveries, nowMs, onBug, log } = options;
  const send = mailSender(config, process.env);
  const isKept = !demo && config.store.kind !== 'memory';
  const prices = pricesOf(config.cost);
  const weeklyReports = weeklyReportsOf({
    store,
    nowMs,
    ownerOf: (name) =>
      discoveries.flatMap((discovery) => discovery.clusters()).find((cluster) => cluster.name === name)?.owner,
    ...(prices === undefined ? {} : { prices }),
    ...(isKept ? { kept: keptReports(config.store.dir) } : {}),
  });
  if (demo || config.reports.schedule === 'none' || !isReporter(config)) return { weeklyReports };
  return {
    weeklyReports,
    schedule: reportSchedule({
      reports: weeklyReports,
      record: isKept ? sentRecord(config.store.dir) : forgetfulRecord(),
      recipients: recipientsOf(config.reports),
      language: config.reports.language,
      schedule: config.reports.schedule,
      timeZone: config.reports.timeZone,
      nowMs,
      onBug,
      log: { info: (words) => log.info(words), warn: (words) => log.warn(words) },
      ...(send === undefined ? {} : { send }),
    }),
  };
}

export function recipientsOf({ mail, owners }: Config['reports']): Recipients {
  return { whole: mail.to, owners: new Map(Object.entries(owners).map(([owner, own]) => [owner, own.mail.to])) };
}

/** On a shared store every process sees the whole fleet: the first one reports. Elsewhere each reports what it watches. */
function isReporter({ store, shard }: Config): boolean {
  return store.kind !== 'influx' || shard.index === 0;
}
