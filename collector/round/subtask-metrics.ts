import { toCount, toFigure } from '../flink/decode/fields.decode.js';
import type { MetricValues } from '../flink/decode/metrics.decode.js';
import type { LoadGauges } from '../history/load-clock.js';
import { defined, type SubtaskSample } from '../model/index.js';
import { LOAD_GAUGES, type SourceOperators } from '../plan/vertex-metrics.js';

/** Figures of one subtask that its vertex page does not have. */
export type SubtaskExtras = Pick<SubtaskSample, 'watermarkMs' | 'pendingRecords' | 'recordsIn'>;

const NONE: SubtaskExtras = {};

/** Watermark of a subtask with inputs; missing before the first one and after the last (Flink's int64 sentinels). */
export function inputWatermark(values: MetricValues, subtask: number): SubtaskExtras {
  // In most beats it is not asked for.
  if (values.size === 0) return NONE;
  const watermarkMs = toFigure(values.get(`${subtask}.currentInputWatermark`));
  return watermarkMs === undefined ? NONE : { watermarkMs };
}

/** Gauges of a source's operators; several readers in one chain are added up, the latest watermark counts. */
export function sourceExtras(values: MetricValues, subtask: number, operators: SourceOperators): SubtaskExtras {
  const over = (
    names: readonly string[],
    metric: string,
    join: (a: number, b: number) => number,
    decode: (raw: unknown) => number | undefined = toFigure,
  ): number | undefined => {
    let all: number | undefined;
    for (const operator of names) {
      const value = decode(values.get(`${subtask}.${operator}.${metric}`));
      if (value !== undefined) all = all === undefined ? value : join(all, value);
    }
    return all;
  };
  return defined<SubtaskExtras>({
    watermarkMs: over(operators.outputWatermark, 'currentOutputWatermark', Math.max),
    pendingRecords: over(operators.pendingRecords, 'pendingRecords', sum, toCount),
    recordsIn: over(operators.recordsOut, 'numRecordsOut', sum),
  });
}

const sum = (a: number, b: number): number => a + b;

/** The load gauges of one subtask, ms per second. */
export function loadGauges(values: MetricValues, subtask: number): LoadGauges {
  const gauge = (name: string): number | undefined => toCount(values.get(`${subtask}.${name}`));
  return defined<LoadGauges>({
    busyMs: gauge(LOAD_GAUGES.busyMs),
    idleMs: gauge(LOAD_GAUGES.idleMs),
    backPressuredMs: gauge(LOAD_GAUGES.backPressuredMs),
  });
}
