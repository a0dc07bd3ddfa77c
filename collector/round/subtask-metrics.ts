import { toCount, toFigure } from '../flink/decode/fields.decode.js';
import type { MetricValues } from '../flink/decode/metrics.decode.js';
import type { LoadGauges } from '../history/load-clock.js';
import { defined, type SubtaskSample } from '../model/index.js';
import { LOAD_GAUGES, type SourceOperators } from '../plan/vertex-metrics.js';

/** Figures of one subtask that its vertex page does not have. */
export type SubtaskExtras = Pick<SubtaskSample, 'watermarkMs' | 'pendingRecords' | 'recordsIn'>;

/** Watermark of a subtask with inputs; missing before the first one and after the last (Flink's int64 sentinels). */
export function inputWatermark(values: MetricValues, subtask: number): SubtaskExtras {
  return defined<SubtaskExtras>({
    watermarkMs: toFigure(values.get(`${subtask}.currentInputWatermark`)),
    pendingRecords: undefined,
    recordsIn: undefined,
  });
}

/** Gauges of a source's operators; several readers in one chain are added up, the latest watermark counts. */
export function sourceExtras(values: MetricValues, subtask: number, operators: SourceOperators): SubtaskExtras {
  const figures = (names: readonly string[], metric: string): readonly number[] =>
    names.flatMap((operator) => toFigure(values.get(`${subtask}.${operator}.${metric}`)) ?? []);
  const watermarks = figures(operators.outputWatermark, 'currentOutputWatermark');
  return defined<SubtaskExtras>({
    watermarkMs: watermarks.length === 0 ? undefined : Math.max(...watermarks),
    pendingRecords: sum(figures(operators.pendingRecords, 'pendingRecords').filter((records) => records >= 0)),
    recordsIn: sum(figures(operators.recordsOut, 'numRecordsOut')),
  });
}

const sum = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : values.reduce((total, value) => total + value, 0);

/** The load gauges of one subtask, ms per second. */
export function loadGauges(values: MetricValues, subtask: number): LoadGauges {
  const gauge = (name: string): number | undefined => toCount(values.get(`${subtask}.${name}`));
  return defined<LoadGauges>({
    busyMs: gauge(LOAD_GAUGES.busyMs),
    idleMs: gauge(LOAD_GAUGES.idleMs),
    backPressuredMs: gauge(LOAD_GAUGES.backPressuredMs),
  });
}
