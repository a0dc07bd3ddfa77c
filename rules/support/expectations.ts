import { labelOf } from '../../analyzer/engine/evidence.js';
import type { ExpectedEffect } from '../../analyzer/engine/recommendation.js';

/** Two readings of busy of a healthy subtask lie this far apart. */
const BUSY_SPREAD = 0.15;
/** Even subtasks differ by this much from second to second. */
const EVEN_AT_MOST = 1.1;

/** The busy ratio after a change. */
export const expectedBusy = (from: number, to: number): ExpectedEffect => ({
  metric: 'busyRatio',
  label: labelOf('busyRatio'),
  from,
  to,
  low: to * (1 - BUSY_SPREAD),
  high: Math.min(1, to * (1 + BUSY_SPREAD)),
  unit: 'ratio',
});

/** What the heaviest subtask has over the mean, once the work is spread evenly. */
export const expectedEven = (metric: 'recordsMaxOverMean' | 'arrivingOverMean', from: number): ExpectedEffect => ({
  metric,
  label: labelOf(metric),
  from,
  to: 1,
  low: 1,
  high: EVEN_AT_MOST,
  unit: 'ratio',
});
