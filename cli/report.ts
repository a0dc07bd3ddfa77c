import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import type { Language } from '../analyzer/text.js';
import { StoreLockedError } from '../collector/index.js';
import { REPORT_FORMATS, type ReportFormat } from '../dashboard/contract.js';
import { isoWeekOf, weekStartMs } from '../reports/iso-week.js';
import { weeklyReport, type FleetInput } from '../reports/model.js';
import { RULES } from '../rules/index.js';
import { loadConfig, UsageError } from './config/load.js';
import type { Config } from './config/schema.js';
import { openStore } from './open-store.js';
import { askRunningService } from './weekly/running-service.js';
import { keptReports } from './weekly/kept-reports.js';
import { mailSender } from './weekly/mail-sender.js';
import { pricesOf } from './weekly/prices.js';
import { renderedReport, reportMail } from './weekly/rendered.js';
import { endedWeek } from './weekly/report-run.js';
import type { SendMail } from './weekly/send-mail.js';
import { sentRecord, WHOLE } from './weekly/sent-record.js';
import { recipientsOf } from './weekly/service-reports.js';
import { weeklyReportsOf } from './weekly/weekly-reports.js';

interface ReportFlags {
  readonly week?: string;
  readonly format: string;
  readonly owner?: string;
  readonly send?: boolean;
  readonly config?: string;
  readonly data?: string;
  readonly lang?: string;
}

export function addReport(program: Command): void {
  program
    .command('report')
    .description('the weekly tuning report over the stored history')
    .option('--week <week>', 'ISO week such as 2026-W47 (default: this week; with --send the last that is over)')
    .option('--format <format>', 'html, markdown, text or json', 'text')
    .option('--owner <owner>', 'only the clusters of one owner')
    .option('--send', 'send it by mail to those that reports.mail and reports.owners name, again if it was sent')
    .option('--config <file>', 'configuration file (default ./weir.yaml if it is there)')
    .option('--data <dir>', 'where history is kept (default ./weir-data)')
    .option('--lang <language>', 'en or zh-CN (default: reports.language)')
    .action(report);
}

interface Asked {
  readonly week: string;
  readonly fromMs: number;
  readonly format: ReportFormat;
  readonly language: Language;
  readonly owner: string | undefined;
}

async function report(flags: ReportFlags): Promise<void> {
  const config = loadConfig({
    file: flags.config,
    env: process.env,
    flags: flags.data === undefined ? {} : { store: { dir: flags.data } },
    rules: RULES,
  });
  const asked = askedOf(flags, config);
  if (flags.send === true) {
    await sendNow(asked, config, mailSender(config, process.env));
    return;
  }
  const fleet = await fleetOf(asked, config);
  const text =
    fleet === undefined
      ? await askRunningService(config, asked)
      : await renderedReport(weeklyReport(fleet, asked.owner), asked.format, asked.language);
  process.stdout.write(text);
}

function askedOf(flags: ReportFlags, config: Config): Asked {
  const week = flags.week ?? (flags.send === true ? endedWeek(Date.now()).week : isoWeekOf(Date.now()));
  const fromMs = weekStartMs(week);
  const format = REPORT_FORMATS.find((candidate) => candidate === flags.format);
  const language = (['en', 'zh-CN'] as const).find(
    (candidate) => candidate === (flags.lang ?? config.reports.language),
  );
  if (fromMs !== undefined && format !== undefined && language !== undefined)
    return { week, fromMs, format, language, owner: flags.owner };
  throw new UsageError([
    ...(fromMs === undefined ? [`--week ${week}: not an ISO week; write it as 2026-W47`] : []),
    ...(format === undefined ? [`--format ${flags.format}: must be one of ${REPORT_FORMATS.join(', ')}`] : []),
    ...(language === undefined ? [`--lang ${flags.lang ?? ''}: must be en or zh-CN`] : []),
  ]);
}

/** A week that was kept needs no store. Undefined: a service that runs has the store. */
async function fleetOf({ week, fromMs }: Asked, config: Config): Promise<FleetInput | undefined> {
  const { kind, dir } = config.store;
  if (kind !== 'influx' && !existsSync(dir))
    throw new UsageError([`--data ${dir}: no history is kept there; run weir serve first, or name its folder`]);
  const kept = await keptReports(dir).load(week);
  if (kept !== undefined) return kept;
  const prices = pricesOf(config.cost);
  const owners = new Map(config.clusters.map(({ name, owner }) => [name, owner]));
  try {
    const store = await openStore(config.store, (line) => process.stderr.write(`${line}\n`));
    const reports = weeklyReportsOf({
      store,
      nowMs: () => Date.now(),
      ownerOf: (cluster) => owners.get(cluster),
      ...(prices === undefined ? {} : { prices }),
    });
    return await reports.fleet(week, fromMs).finally(() => store.close());
  } catch (error) {
    if (error instanceof StoreLockedError) return undefined;
    throw error;
  }
}

/** By hand: to whom the configuration names, whether it was sent before or not. */
async function sendNow(asked: Asked, config: Config, send: SendMail | undefined): Promise<void> {
  if (send === undefined)
    throw new UsageError([
      '--send: mail is not configured: add a channel of kind mail under alerts.channels, or print the report with --format html or text',
    ]);
  const { whole, owners } = recipientsOf(config.reports);
  const to = asked.owner === undefined ? whole : (owners.get(asked.owner) ?? []);
  if (to.length === 0)
    throw new UsageError([
      asked.owner === undefined
        ? '--send: nobody is named in reports.mail.to'
        : `--send: nobody is named in reports.owners.${asked.owner}.mail.to`,
    ]);
  const fleet = await fleetOf(asked, config);
  if (fleet === undefined)
    throw new UsageError([`--send: the running service has not made ${asked.week} yet; it sends it at its time`]);
  await send(await reportMail(weeklyReport(fleet, asked.owner), asked.language, to));
  // The schedule does not send it a second time then.
  const { kind, dir } = config.store;
  if (kind !== 'memory')
    await sentRecord(dir).note(asked.week, asked.owner ?? WHOLE, { state: 'sent', atMs: Date.now() });
  process.stderr.write(`The report of ${asked.week} is sent to ${to.join(', ')}.\n`);
}
