import type { Configuration } from '../flink/decode/configuration.decode.js';
import { quote } from '../flink/failures.js';
import type {
  Checkpoint,
  CheckpointConfig,
  JobException,
  ParallelismRange,
  Rescale,
  VertexSummary,
} from '../model/index.js';
import type { JobEvent } from '../store/series-store.js';

/** Something that happened, in the words that the store keeps: the same in every language. */
export type Happened = Pick<JobEvent, 'atMs' | 'kind' | 'text'>;

/** Vertices or options that one event names; of more it says how many. */
const MAX_NAMED = 5;
/** Characters of an option's value or a vertex's name in an event. */
const MAX_WORD_CHARS = 60;

const short = (text: string): string => (text.length > MAX_WORD_CHARS ? `${text.slice(0, MAX_WORD_CHARS)}…` : text);

function listed(parts: readonly string[]): string | undefined {
  if (parts.length === 0) return undefined;
  const more = parts.length - MAX_NAMED;
  return parts.slice(0, MAX_NAMED).join(', ') + (more > 0 ? `, +${more}` : '');
}

/** Parallelisms by vertex id, as last known: an adaptive scheduler that waits for slots names none. */
export type Parallelisms = ReadonlyMap<string, number>;

export function withParallelisms(before: Parallelisms, vertices: readonly VertexSummary[]): Parallelisms {
  const known = vertices.flatMap(({ vertexId, parallelism }) =>
    parallelism === undefined ? [] : [[vertexId, parallelism] as const],
  );
  return new Map([...before, ...known]);
}

/** `agg 2 → 4, sink 2 → 4`; undefined when no vertex has another parallelism than before. */
export function rescaleText(before: Parallelisms, vertices: readonly VertexSummary[]): string | undefined {
  return listed(
    vertices.flatMap(({ vertexId, name, parallelism }) => {
      const was = before.get(vertexId);
      return was === undefined || parallelism === undefined || was === parallelism
        ? []
        : `${short(name)} ${was} → ${parallelism}`;
    }),
  );
}

/** Options that say where a run is, not how it is set up: they differ from run to run. */
const PLACE =
  /^\$?internal\.|\.(address|bind-port|port|cluster-id)$|tmp\.?dirs?$|^pipeline\.(jars|classpaths)$|^yarn\.application\.id$|^execution\.(savepoint|state-recovery)\.path$/;

/** `execution.checkpointing.interval: 60000 → 600000, …`; undefined when nothing was set otherwise. Secrets are masked in both. */
export function configurationText(before: Configuration, after: Configuration): string | undefined {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((key) => !PLACE.test(key)).sort();
  const word = (value: string | undefined): string => (value === undefined ? '–' : short(quote(value)));
  return listed(
    keys.filter((key) => before[key] !== after[key]).map((key) => `${key}: ${word(before[key])} → ${word(after[key])}`),
  );
}

/** What Flink says of the checkpointing of a job, under the options that set it; times in ms. */
export function checkpointOptions(config: CheckpointConfig | undefined): Configuration {
  if (config === undefined) return {};
  const options: Readonly<Record<string, string | number | boolean | undefined>> = {
    'execution.checkpointing.interval': config.intervalMs,
    'execution.checkpointing.timeout': config.timeoutMs,
    'execution.checkpointing.min-pause': config.minPauseMs,
    'execution.checkpointing.mode': config.mode,
    'execution.checkpointing.unaligned.enabled': config.unaligned,
    'execution.checkpointing.aligned-checkpoint-timeout': config.alignedTimeoutMs,
    'execution.checkpointing.tolerable-failed-checkpoints': config.tolerableFailures,
  };
  return Object.fromEntries(
    Object.entries(options).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]])),
  );
}

/** What each vertex may have, under a name of Weir's own: Flink keeps it with the job and has no option for it. */
export function requirementOptions(
  requirements: ReadonlyMap<string, ParallelismRange> | undefined,
  vertices: readonly VertexSummary[],
): Configuration {
  if (requirements === undefined) return {};
  return Object.fromEntries(
    vertices.flatMap(({ vertexId, name }) => {
      const range = requirements.get(vertexId);
      return range === undefined ? [] : [[`parallelism of ${short(name)}`, `${range.lower}–${range.upper ?? 'max'}`]];
    }),
  );
}

/** A rescale that was asked for and did not come to pass; one that did is told by the parallelisms themselves. */
export function rescaleEvent({ startMs, endMs, outcome, cause, reason }: Rescale): Happened | undefined {
  if (endMs === undefined || outcome === undefined || outcome === 'COMPLETED') return undefined;
  // Another request took its place, or the job ended: nobody waits for it any more.
  if (reason !== 'EXCEPTION_OCCURRED' && reason !== 'NO_RESOURCES_OR_PARALLELISMS_CHANGE') return undefined;
  return { atMs: endMs, kind: 'rescale', text: `${outcome} (${cause ?? '?'}: ${reason}) after ${endMs - startMs} ms` };
}

/** Failed checkpoints and completed savepoints; a completed checkpoint is no news. */
export function checkpointEvent(checkpoint: Checkpoint): Happened | undefined {
  const { id, status, isSavepoint, triggerMs, durationMs, failureMs, failureMessage } = checkpoint;
  const endMs = failureMs ?? triggerMs + durationMs;
  if (status === 'FAILED') {
    const why = failureMessage === undefined ? '' : `: ${quote(failureMessage)}`;
    return { atMs: endMs, kind: isSavepoint ? 'savepoint-failed' : 'checkpoint-failed', text: `${id}${why}` };
  }
  return status === 'COMPLETED' && isSavepoint ? { atMs: endMs, kind: 'savepoint', text: String(id) } : undefined;
}

/** The first of each failure; what failed with it at the same time is in the list of exceptions. */
export function failureEvent({ atMs, concurrent, exceptionName, stacktrace }: JobException): Happened | undefined {
  if (concurrent) return undefined;
  const first = quote(stacktrace);
  return { atMs, kind: 'failure', text: first === '' ? exceptionName : first };
}
