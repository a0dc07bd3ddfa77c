import type { LagSignal } from '../../analyzer/signals/lag.js';
import type { PeakLoadSignal } from '../../analyzer/signals/peak-load.js';
import type { TaskManagerHistory } from '../../collector/model/index.js';
import { settingOf } from './settings.js';

/** Below this pressure in every minute nobody waits (CALIBRATION §2: unsaturated vertices stood at .07 at most). */
const PRESSURE_CALM = 0.1;

/** Nothing waits and no backlog is worked off: only then may a rule speak of taking something away. */
export function isCalm(lag: LagSignal, peakLoad: PeakLoadSignal): boolean {
  if (lag.phase === 'growing' || lag.phase === 'catching-up') return false;
  for (const { backPressuredMax } of peakLoad.values()) if (backPressuredMax >= PRESSURE_CALM) return false;
  return true;
}

/** Cores that a TaskManager was given, where a resource manager was told: the JVM sees the whole machine without a limit. */
export function coresGiven(configuration: Readonly<Record<string, string>>): number | undefined {
  const told = Number(
    settingOf(
      configuration,
      'kubernetes.taskmanager.cpu.amount',
      'kubernetes.taskmanager.cpu',
      'yarn.containers.vcores',
    ) ?? -1,
  );
  return told > 0 ? told : undefined;
}

/** Readings of CPU time this far apart make one figure: REST repeats the last fetch for up to 10 s. */
const STEP_MS = 60_000;
const STEPS_MIN = 5;

/** The most cores that a TaskManager used in any minute that is kept; undefined with fewer than five minutes. */
export function peakCoresOf({
  samples,
}: TaskManagerHistory): { readonly cores: number; readonly windowMs: number } | undefined {
  let [peak, steps, fromMs, startMs, startSeconds] = [0, 0, 0, 0, 0];
  for (const { atMs, cpuTimeSeconds } of samples) {
    if (cpuTimeSeconds === undefined) continue;
    if (startMs === 0 || cpuTimeSeconds < startSeconds) [startMs, startSeconds, fromMs] = [atMs, cpuTimeSeconds, atMs];
    if (atMs - startMs < STEP_MS) continue;
    peak = Math.max(peak, ((cpuTimeSeconds - startSeconds) * 1000) / (atMs - startMs));
    steps += 1;
    [startMs, startSeconds] = [atMs, cpuTimeSeconds];
  }
  return steps < STEPS_MIN ? undefined : { cores: peak, windowMs: startMs - fromMs };
}
