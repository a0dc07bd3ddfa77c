import type { Command } from 'commander';
import { openDuckDbStore, type SeriesStore } from '../collector/index.js';
import { decodeLives, LIVES_KIND } from '../dashboard/server/watch/lives-record.js';
import { inLanguage } from '../analyzer/text.js';
import { isoWeekOf, WEEK_MS, weekStartMs } from '../reports/iso-week.js';
import { weeklyReport, type WeeklyReport } from '../reports/model.js';
import { renderHtml, renderMarkdown, renderText } from '../reports/render.js';
import { RULES } from '../rules/index.js';
import { loadConfig, UsageError } from './config/load.js';
import { existsSync } from 'node:fs';

interface ReportFlags {
  readonly week?: string;
  readonly format: string;
  readonly config?: string;
  readonly data?: string;
  readonly lang: string;
}

const FORMATS = ['html', 'markdown', 'text', 'json'] as const;

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
  const format = FORMATS.find((candidate) => candidate === flags.format);
  const language = (['en', 'zh-CN'] as const).find((candidate) => candidate === flags.lang);
  if (fromMs === undefined || format === undefined || language === undefined) {
    throw new UsageError([
      ...(fromMs === undefined ? [`--week ${week}: not an ISO week; write it as 2026-W47`] : []),
      ...(format === undefined ? [`--format ${flags.format}: must be one of ${FORMATS.join(', ')}`] : []),
      ...(language === undefined ? [`--lang ${flags.lang}: must be en or zh-CN`] : []),
    ]);
  }
  const config = loadConfig({
    file: flags.config,
    env: process.env,
    flags: flags.data === undefined ? {} : { store: { dir: flags.data } },
    rules: RULES,
  });
  if (!existsSync(config.store.dir))
    throw new UsageError([
      `--data ${config.store.dir}: no history is kept there; run weir serve first, or name its folder`,
    ]);
  const store = await openDuckDbStore({ dir: config.store.dir });
  try {
    const made = await fromStore(store, week, fromMs);
    process.stdout.write(
      format === 'json'
        ? `${JSON.stringify(inLanguage(made, language), undefined, 2)}\n`
        : { html: renderHtml, markdown: renderMarkdown, text: renderText }[format](made, language),
    );
  } finally {
    await store.close();
  }
}

export async function fromStore(store: SeriesStore, week: string, fromMs: number): Promise<WeeklyReport> {
  const range = { fromMs, toMs: fromMs + WEEK_MS };
  const [jobs, records] = await Promise.all([store.jobs(range), store.loadReports({ ...range, kind: LIVES_KIND })]);
  const byName = new Map<string, { cluster: string; jobName: string; firstMs: number; lastMs: number }>();
  for (const { cluster, jobName, firstMs, lastMs } of jobs) {
    const key = JSON.stringify([cluster, jobName]);
    const before = byName.get(key);
    byName.set(key, {
      cluster,
      jobName,
      firstMs: Math.min(before?.firstMs ?? firstMs, firstMs),
      lastMs: Math.max(before?.lastMs ?? lastMs, lastMs),
    });
  }
  return weeklyReport({
    week,
    ...range,
    jobs: [...byName.values()],
    records: records.map(({ cluster, jobName, atMs, body }) => ({
      cluster,
      jobName,
      atMs,
      lives: [...decodeLives(body).values()],
    })),
  });
}
