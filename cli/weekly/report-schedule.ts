import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { createTask, type ScheduledTask } from 'node-cron';
import { endedWeek, isUnreported, reportEndedWeek, type ReportRun } from './report-run.js';

/** A mail server that is away is asked again after so long, so many times; then somebody must look. */
export const RETRY_MS = 600_000;
export const MAX_RETRIES = 6;
/** A mail on its way may end; a fleet's week that is being read is read again after the next start. */
const STOP_WAIT_MS = 5_000;
const MINUTE_MS = 60_000;
/** Minutes looked at between two turns of the event loop. */
const MINUTES_PER_TURN = 250;

export interface ReportSchedule {
  /** Makes what was missed while Weir did not run, then follows the schedule. */
  start(): void;
  /** Ends once a report under way is done, or has had its time. */
  stop(): Promise<void>;
  /** For tests: what the schedule calls. */
  run(): Promise<void>;
}

export interface ScheduleOptions extends ReportRun {
  /** Cron, five fields. */
  readonly schedule: string;
  /** IANA, such as `Europe/Berlin`. */
  readonly timeZone: string;
  readonly onBug: (error: Error) => void;
  readonly stopWaitMs?: number;
}

export function reportSchedule(options: ScheduleOptions): ReportSchedule {
  const { schedule, timeZone, onBug, log, nowMs, stopWaitMs = STOP_WAIT_MS } = options;
  let underWay: Promise<void> | undefined;
  let retry: NodeJS.Timeout | undefined;
  let retries = 0;
  let isStopped = false;

  async function once(): Promise<void> {
    try {
      if (await reportEndedWeek(options)) {
        retries = 0;
        return;
      }
      retries += 1;
      if (isStopped) return;
      if (retries > MAX_RETRIES) {
        retries = 0;
        log.warn(
          `the report could not be sent ${MAX_RETRIES + 1} times; look at the mail server, then: weir report --send`,
        );
        return;
      }
      retry = setTimeout(() => void run(), RETRY_MS);
      retry.unref();
    } catch (error) {
      // The store is closed over its head then.
      if (!isStopped) onBug(error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** Two at once are one. */
  function run(): Promise<void> {
    underWay ??= once().finally(() => (underWay = undefined));
    return underWay;
  }

  const task = createTask(schedule, run, {
    name: 'weekly report',
    timezone: timeZone,
    noOverlap: true,
    suppressMissedWarning: true,
    unref: true,
  });
  // The machine slept over it.
  task.on('execution:missed', run);

  return {
    run,
    start() {
      void task.start();
      catchUp(task, options, nowMs(), run).catch((error: unknown) =>
        onBug(error instanceof Error ? error : new Error(String(error))),
      );
    },
    async stop() {
      isStopped = true;
      clearTimeout(retry);
      await task.destroy();
      await Promise.race([underWay, sleep(stopWaitMs, undefined, { ref: false })]);
    },
  };
}

async function catchUp(
  task: Pick<ScheduledTask, 'match'>,
  run: ReportRun,
  nowMs: number,
  report: () => Promise<void>,
): Promise<void> {
  if (!(await isUnreported(run))) return;
  if (await wasDue(task, endedWeek(nowMs).toMs, nowMs)) await report();
}

/** Whether the schedule had a moment between two times; minute by minute, because cron only tells what comes next. */
export async function wasDue(task: Pick<ScheduledTask, 'match'>, fromMs: number, toMs: number): Promise<boolean> {
  let looked = 0;
  for (let atMs = fromMs; atMs <= toMs; atMs += MINUTE_MS) {
    if (task.match(new Date(atMs))) return true;
    looked += 1;
    if (looked % MINUTES_PER_TURN === 0) await nextTurn();
  }
  return false;
}
