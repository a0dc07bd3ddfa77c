import type { Command } from 'commander';
import { REPORT_FORMATS } from '../dashboard/contract.js';
import { isoWeekOf, weekStartMs } from '../reports/iso-week.js';
import { weeklyReport } from '../reports/model.js';
import { renderReport } from '../reports/render.js';
import { RULES } from '../rules/index.js';
import { loadConfig, UsageError } from './config/load.js';
import { openStore } from './open-store.js';
import { storedWeek } from './stored-week.js';
import { existsSync } from 'node:fs';

interface ReportFlags {
  readonly week?: string;
  readonly format: string;
  readonly config?: string;
  readonly data?: string;
  readonly lang: string;
}

export function addReport(program: Command): void {
  program
    .command('report')
    .description('the weekly tuning report over the stored history')
    .option('--week <week>', 'ISO week such as 2026-W47 (default: this week)')
    .option('--format <format>', 'html, markdown, text or json', 'text')
    .option('--config <file>', 'configuration file (default ./weir.yaml if it is there)')
    .option('--data <dir>', 'where history is kept (default ./weir-data)')
    .option('--lang <language>', 'en or zh-CN', 'en')
    .action(report);
}

async function report(flags: ReportFlags): Promise<void> {
  const week = flags.week ?? isoWeekOf(Date.now());
  const fromMs = weekStartMs(week);
  const format = REPORT_FORMATS.find((candidate) => candidate === flags.format);
  const language = (['en', 'zh-CN'] as const).find((candidate) => candidate === flags.lang);
  if (fromMs === undefined || format === undefined || language === undefined) {
    throw new UsageError([
      ...(fromMs === undefined ? [`--week ${week}: not an ISO week; write it as 2026-W47`] : []),
      ...(format === undefined ? [`--format ${flags.format}: must be one of ${REPORT_FORMATS.join(', ')}`] : []),
      ...(language === undefined ? [`--lang ${flags.lang}: must be en or zh-CN`] : []),
    ]);
  }
  const config = loadConfig({
    file: flags.config,
    env: process.env,
    flags: flags.data === undefined ? {} : { store: { dir: flags.data } },
    rules: RULES,
  });
  if (config.store.kind !== 'influx' && !existsSync(config.store.dir))
    throw new UsageError([
      `--data ${config.store.dir}: no history is kept there; run weir serve first, or name its folder`,
    ]);
  const store = await openStore(config.store, (line) => process.stderr.write(`${line}\n`));
  try {
    process.stdout.write(
      renderReport(weeklyReport(await storedWeek(store, { week, fromMs, nowMs: Date.now() })), format, language),
    );
  } finally {
    await store.close();
  }
}
