/** One rescale of a vertex as the autoscaler keeps it (`ScalingSummary`); a history runs from the oldest to the newest. */
export interface PastScaling {
  readonly atMs: number;
  readonly from: number;
  readonly to: number;
  /** TRUE_PROCESSING_RATE before it. */
  readonly truePerSecond?: number;
  /** EXPECTED_PROCESSING_RATE after it. */
  readonly expectedPerSecond?: number;
}
