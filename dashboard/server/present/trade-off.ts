import type * as wire from '../../contract.js';
import type { JobReport } from '../../../analyzer/engine/analyze.js';
import { intervalTradeOff } from '../../../analyzer/tuning/interval-trade-off.js';
import { max, median, present } from '../../../analyzer/numbers.js';

/** Assumed until all tasks run again: slots are taken anew and state is fetched. */
const RESTART_MS = 60_000;

/** What intervals between checkpoints would cost this job; undefined before a checkpoint was seen in full. */
export function tradeOffOf({ signals, history, atMs }: JobReport): wire.IntervalTradeOff | undefined {
  const checkpoints = signals.get('checkpoints');
  if (!checkpoints.ok) return undefined;
  const { anatomies, completed } = checkpoints.value;
  const stallMs = median(present(anatomies.map(({ phases }) => phases.sync?.ms)));
  const durationMs = max(completed.slice(-10).map((checkpoint) => checkpoint.durationMs));
  if (stallMs === undefined || durationMs === undefined) return undefined;
  const restarts = history.restarts.at(-1)?.restarts ?? 0;
  const ranMs = atMs - history.detail.startMs;
  return intervalTradeOff({
    stallMs,
    durationMs,
    restartMs: RESTART_MS,
    ...(restarts > 0 && ranMs > 0 ? { mtbfMs: ranMs / restarts } : {}),
  });
}
