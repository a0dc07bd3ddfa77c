import { readBundle } from '../../collector/index.js';
import { seriesName, type Series } from '../support/promtool.js';
import { ReporterSamples } from './reporter-answers.js';

/** What Prometheus would have of the reporters of a recorded cluster. */
export interface RecordedReporters {
  readonly stepSeconds: number;
  readonly steps: number;
  readonly series: readonly Series[];
}

/** Recordings read the cluster every ten seconds. */
const STEP_SECONDS = 10;

/**
 * The series of Flink's Prometheus reporters, made from what the JobManager of a real cluster answered: REST and reporter
 * show the same counters and gauges. One step a round; what a page showed stands until it is read again.
 */
export async function recordedReporters(bundle: string): Promise<RecordedReporters> {
  const file = `accuracy/bundles/${bundle}.weir.gz`;
  const all = new Map<string, (number | undefined)[]>();
  const shown = new Map<string, ReadonlyMap<string, number>>();
  const drop = (matches: (path: string) => boolean): void => {
    for (const path of [...shown.keys()].filter(matches)) shown.delete(path);
  };
  let samples = new ReporterSamples('');
  let steps = 0;
  for await (const part of readBundle(file)) {
    if (part.kind === 'problem') throw new Error(`${file}: ${part.problem}`);
    if (part.kind === 'header') samples = new ReporterSamples(part.header.flink ?? '');
    if (part.kind !== 'round') continue;
    for (const { path, reading } of part.round.answers) {
      if (!reading.ok) continue;
      const page = new Map<string, number>();
      samples.add(path, reading.value, (name, labels, value) => page.set(seriesName(name, labels), value), drop);
      shown.set(path, page);
    }
    for (const [name, value] of [...shown.values()].flatMap((page) => [...page])) {
      const values = all.get(name) ?? [];
      values[steps] = value;
      all.set(name, values);
    }
    steps += 1;
  }
  const whole = (values: readonly (number | undefined)[]) => Array.from({ length: steps }, (_, i) => values[i]);
  return {
    stepSeconds: STEP_SECONDS,
    steps,
    series: [...all].map(([series, values]) => ({ series, values: whole(values) })),
  };
}

/** Its first steps only: as if what came then had not come. */
export const cutOff = (recorded: RecordedReporters, steps: number): RecordedReporters => ({
  ...recorded,
  steps,
  series: recorded.series
    .map((one) => ({ ...one, values: one.values.slice(0, steps) }))
    .filter(({ values }) => values.some((value) => value !== undefined)),
});

const GROWS =
  /_(accumulate\w+|num(Records|Bytes)\w+|numRestarts|numberOf(Completed|Failed)Checkpoints|totalNumberOfCheckpoints|GarbageCollector_\w+|CPU_Time|current(In|Out)putWatermark|pendingRecords)\{/;
/** A watermark that never came. */
const NEVER = -9e18;

/**
 * The recording and what follows if the cluster goes on as in its last part: that part again and again, growing figures from
 * where they were. For rules whose windows are longer than a recording.
 */
export function playedOn(recorded: RecordedReporters, toSeconds: number, partSteps = 6): RecordedReporters {
  const { stepSeconds, steps: recordedSteps } = recorded;
  const steps = Math.max(recordedSteps, Math.ceil(toSeconds / stepSeconds) + 1);
  const part = Math.min(partSteps, recordedSteps - 1);
  const paces = pacesOf(recorded, part);
  const series = recorded.series.map((one) => {
    const values = [...one.values];
    const shown = (values[recordedSteps - 1] ?? NaN) - (values[recordedSteps - 1 - part] ?? NaN);
    const pace = paces.get(labelsOf(one));
    for (let step = recordedSteps; step < steps; step += 1) {
      const from = recordedSteps - part + ((step - recordedSteps) % part);
      const before = values[step - 1];
      if (!GROWS.test(one.series)) values[step] = one.values[from];
      else if (pace !== undefined && COUNTS_TASK.test(one.series))
        values[step] = (before ?? NaN) + (shown / part) * pace;
      else values[step] = grown(one.values, before, from);
    }
    return { ...one, values };
  });
  return { stepSeconds, steps, series };
}

const COUNTS_TASK = /_(accumulate\w+|num(Records|Bytes)\w+)\{/;
const labelsOf = ({ series }: Series): string => series.slice(series.indexOf('{'));

/**
 * A JobManager shows the figures of tasks up to ten seconds late, a reporter does not. The times of a task (busy, idle,
 * backpressured) sum up to the time that has passed: by how much more its counters grow in the part than was shown, and
 * they grow evenly.
 */
function pacesOf({ series, stepSeconds, steps }: RecordedReporters, part: number): ReadonlyMap<string, number> {
  const shownMs = new Map<string, number>();
  for (const one of series.filter((each) => each.series.includes('_task_accumulate'))) {
    const grownMs = (one.values[steps - 1] ?? NaN) - (one.values[steps - 1 - part] ?? NaN);
    shownMs.set(labelsOf(one), (shownMs.get(labelsOf(one)) ?? 0) + grownMs);
  }
  const passedMs = part * stepSeconds * 1000;
  return new Map([...shownMs].filter(([, ms]) => ms > passedMs / 2).map(([labels, ms]) => [labels, passedMs / ms]));
}

/** The value before, and as much more as the recording had there. */
function grown(values: readonly (number | undefined)[], before: number | undefined, from: number): number | undefined {
  const [last, next] = [values[from - 1], values[from]];
  if (before === undefined || last === undefined || next === undefined || next < NEVER) return next;
  return Math.max(0, before + next - last);
}
