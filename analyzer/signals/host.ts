import type { CheckpointSignal } from './checkpoints.js';
import type { JobFacts } from './job-facts.js';
import type { TaskManagerLoad } from './task-managers.js';
import { median, present } from '../numbers.js';

/**
 * Signs that the machine itself has no CPU left for Flink (CALIBRATION fact 17). Then waiting for a core looks exactly
 * like waiting for a database, and no verdict about CPU or waits deserves full confidence. Quiet machines showed
 * pauses of 5–20 ms, source sync 0–4 ms and idle vertices at .00–.03; starved ones 50–150 ms, 20–700 ms and .05–.08.
 */
const PAUSE_MS = 45;
const SMALL_HEAP_BYTES = 512 * 1024 * 1024;
const SOURCE_SYNC_MS = 20;
const SLOW_ASYNC_MS = 1000;
const SMALL_STATE_BYTES = 1024 * 1024;
/** Two signs must agree: each alone has innocent explanations. */
const SIGNS_MIN = 2;

export interface HostSignal {
  readonly starved: boolean;
  /** Which signs were seen, by name. */
  readonly signs: readonly ('gc-pause' | 'source-sync' | 'small-async')[];
}

export function hostOf(
  facts: JobFacts,
  checkpoints: CheckpointSignal,
  taskManagers: readonly TaskManagerLoad[],
): HostSignal {
  const pauses = present(
    taskManagers
      .filter(
        (tm) => (tm.heapLowBytes ?? Infinity) < SMALL_HEAP_BYTES && (tm.gcRatio ?? 0) < 0.1 && tm.vertexIds.length > 0,
      )
      .map((tm) => tm.gcPauseMs),
  );
  const sourceSync = median(
    present(
      checkpoints.anatomies
        .map(({ phases }) => phases.sync)
        .map((sync) => (sync !== undefined && facts.topology.isSource(sync.detail.vertexId) ? sync.ms : undefined)),
    ),
  );
  const smallAsync = checkpoints.anatomies.some(
    ({ phases: { async } }) =>
      async !== undefined &&
      async.ms > SLOW_ASYNC_MS &&
      (async.detail.checkpointedSizeBytes ?? Infinity) < SMALL_STATE_BYTES,
  );
  const signs: HostSignal['signs'][number][] = [];
  if ((median(pauses) ?? 0) >= PAUSE_MS) signs.push('gc-pause');
  if ((sourceSync ?? 0) >= SOURCE_SYNC_MS) signs.push('source-sync');
  if (smallAsync) signs.push('small-async');
  return { starved: signs.length >= SIGNS_MIN, signs };
}
