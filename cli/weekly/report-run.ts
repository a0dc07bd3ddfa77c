import type { Language } from '../../analyzer/text.js';
import { isoWeekOf, WEEK_MS, weekStartMs } from '../../reports/iso-week.js';
import { weeklyReport, type FleetInput } from '../../reports/model.js';
import { reportMail } from './rendered.js';
import type { SendMail } from './send-mail.js';
import { WHOLE, type ReportKey, type SentRecord } from './sent-record.js';
import type { MadeReports } from './weekly-reports.js';

/** Who gets which report by mail. */
export interface Recipients {
  /** The whole fleet. */
  readonly whole: readonly string[];
  readonly owners: ReadonlyMap<string, readonly string[]>;
}

export interface ReportRun {
  readonly reports: Pick<MadeReports, 'fleet'>;
  readonly record: SentRecord;
  readonly recipients: Recipients;
  readonly language: Language;
  /** Missing: mail is not configured, and reports are made and kept only. */
  readonly send?: SendMail;
  readonly nowMs: () => number;
  readonly log: { info(words: string): void; warn(words: string): void };
}

/** The week that ended last. */
export function endedWeek(nowMs: number): { readonly week: string; readonly fromMs: number; readonly toMs: number } {
  const week = isoWeekOf(nowMs - WEEK_MS);
  const fromMs = weekStartMs(week) ?? 0;
  return { week, fromMs, toMs: fromMs + WEEK_MS };
}

/** Whether the ended week still has a report to make, or to tell of. The whole comes last. */
export async function isUnreported({ record, nowMs }: Pick<ReportRun, 'record' | 'nowMs'>): Promise<boolean> {
  const whole = await record.of(endedWeek(nowMs()).week, WHOLE);
  return whole === undefined || whole.state === 'sending';
}

/**
 * Makes the report of the week that ended last, for the whole and for each owner, and sends what has not been sent. Run again
 * it does only what is left: false when a mail could not be sent and should be tried again.
 */
export async function reportEndedWeek(run: ReportRun): Promise<boolean> {
  const { week, fromMs } = endedWeek(run.nowMs());
  const fleet = await run.reports.fleet(week, fromMs);
  let isDone = true;
  for (const key of [...ownersOf(fleet), WHOLE]) {
    if (!(await reportOne(run, week, fleet, key))) isDone = false;
  }
  return isDone;
}

function ownersOf({ sections, gone }: FleetInput): readonly ReportKey[] {
  return [...new Set([...sections, ...gone].flatMap(({ owner }) => owner ?? []))].sort();
}

async function reportOne(run: ReportRun, week: string, fleet: FleetInput, key: ReportKey): Promise<boolean> {
  const { record, recipients, language, send, nowMs, log } = run;
  const before = await record.of(week, key);
  const name = key === WHOLE ? `the report of ${week}` : `the report of ${week} for ${key}`;
  if (before?.state === 'sending') {
    log.warn(
      `${name} may have been sent or not: Weir ended meanwhile. To send it again: weir report --week ${week} --send`,
    );
    await record.note(week, key, { state: 'sent', atMs: before.atMs });
    return true;
  }
  if (before !== undefined) return true;
  const to = key === WHOLE ? recipients.whole : (recipients.owners.get(key) ?? []);
  const report = weeklyReport(fleet, key === WHOLE ? undefined : key);
  const hasNews = report.jobsWatched > 0 || report.gone.length > 0;
  if (send === undefined || to.length === 0 || !hasNews) {
    await record.note(week, key, { state: 'made', atMs: nowMs() });
    log.info(`${name} is made${hasNews ? '' : ': no job was watched'}`);
    return true;
  }
  const mail = await reportMail(report, language, to);
  await record.note(week, key, { state: 'sending', atMs: nowMs() });
  try {
    await send(mail);
  } catch (error) {
    await record.note(week, key, undefined);
    log.warn(`${name} could not be sent: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
  await record.note(week, key, { state: 'sent', atMs: nowMs() });
  log.info(`${name} is sent to ${to.length} recipient(s)`);
  return true;
}
