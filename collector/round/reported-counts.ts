import type { SubtaskSample } from '../model/index.js';
import type { SubtaskExtras } from './subtask-metrics.js';

/** Where a vertex stands in the job graph. */
export interface VertexPlace {
  readonly isSource: boolean;
  readonly isSink: boolean;
}

/**
 * A task counts only what crosses its network edges. So a source says 0 records in and a sink 0 records out, whatever
 * they do (1.13 to 1.20; 2.x counts some): that 0 means "not counted" and is left out. What a source read is taken from
 * its source operator instead.
 */
export function withReportedCounts(sample: SubtaskSample, place: VertexPlace, extras: SubtaskExtras): SubtaskSample {
  const { recordsIn, bytesIn, recordsOut, bytesOut, ...rest } = sample;
  const { recordsIn: sourceRecords, ...gauges } = extras;
  const isCounted = (value: number | undefined, atEdge: boolean): value is number =>
    value !== undefined && (value > 0 || !atEdge);
  const read = place.isSource ? Math.max(recordsIn ?? 0, sourceRecords ?? 0) : recordsIn;
  const hasRead = place.isSource ? sourceRecords !== undefined || (recordsIn ?? 0) > 0 : recordsIn !== undefined;
  const reported: { -readonly [K in keyof SubtaskSample]: SubtaskSample[K] } = Object.assign(rest, gauges);
  if (hasRead && read !== undefined) reported.recordsIn = read;
  if (isCounted(bytesIn, place.isSource)) reported.bytesIn = bytesIn;
  if (isCounted(recordsOut, place.isSink)) reported.recordsOut = recordsOut;
  if (isCounted(bytesOut, place.isSink)) reported.bytesOut = bytesOut;
  return reported;
}
