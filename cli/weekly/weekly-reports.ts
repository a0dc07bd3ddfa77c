import type { SeriesStore } from '../../collector/index.js';
import type { WeeklyReports } from '../../dashboard/server/routes/context.js';
import type { Prices } from '../../reports/cost.js';
import { WEEK_MS, weekStartMs } from '../../reports/iso-week.js';
import { weeklyReport, type FleetInput } from '../../reports/model.js';
import { storedWeek } from '../stored-week.js';
import type { KeptReports } from './kept-reports.js';
import { renderedReport } from './rendered.js';

/** A week that is not over is made anew when what was made is older, */
const RUNNING_WEEK_KEPT_MS = 300_000;
/** and no more often than that making it takes a twentieth of the time: a fleet of hundreds takes minutes. */
const KEPT_FOR_EACH_MS = 20;

export interface WeeklyReportsOptions {
  readonly store: SeriesStore;
  readonly nowMs: () => number;
  readonly prices?: Prices;
  readonly ownerOf?: (cluster: string) => string | undefined;
  /** Weeks that are over are made once and kept here; without it, anew each time. */
  readonly kept?: KeptReports;
}

export interface MadeReports extends WeeklyReports {
  /** The whole week, of all owners. */
  fleet(week: string, fromMs: number): Promise<FleetInput>;
}

/** The weekly reports as the API and the schedule ask for them. Two who ask for one week wait for the same work. */
export function weeklyReportsOf(options: WeeklyReportsOptions): MadeReports {
  const { store, nowMs, kept, prices, ownerOf } = options;
  const underWay = new Map<string, Promise<FleetInput>>();
  let running: { readonly week: string; readonly untilMs: number; readonly fleet: FleetInput } | undefined;

  async function make(week: string, fromMs: number): Promise<FleetInput> {
    const madeMs = nowMs();
    const beganMs = performance.now();
    const fleet = await storedWeek(store, {
      week,
      fromMs,
      nowMs: madeMs,
      ...(prices === undefined ? {} : { prices }),
      ...(ownerOf === undefined ? {} : { ownerOf }),
    });
    if (madeMs < fromMs + WEEK_MS) running = { week, untilMs: madeMs + keptMs(performance.now() - beganMs), fleet };
    // Weeks of before the history are asked for, too.
    else if (fleet.sections.length > 0) await kept?.save(fleet);
    return fleet;
  }

  async function fleet(week: string, fromMs: number): Promise<FleetInput> {
    const before = await kept?.load(week);
    if (before !== undefined) return before;
    // The clock may have passed the end of the week since.
    if (running?.week === week && nowMs() < Math.min(running.untilMs, fromMs + WEEK_MS)) return running.fleet;
    const known = underWay.get(week);
    if (known !== undefined) return known;
    const made = make(week, fromMs).finally(() => underWay.delete(week));
    underWay.set(week, made);
    return made;
  }

  return {
    startMs: weekStartMs,
    fleet,
    async render(week, fromMs, format, language, owner) {
      return renderedReport(weeklyReport(await fleet(week, fromMs), owner), format, language);
    },
  };
}

const keptMs = (tookMs: number): number => Math.max(RUNNING_WEEK_KEPT_MS, tookMs * KEPT_FOR_EACH_MS);
