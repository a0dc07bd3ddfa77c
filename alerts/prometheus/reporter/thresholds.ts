/*
 * Limits of the alerts on Flink's own metrics. Measured on real clusters with known faults (docs/alerting.md has the table);
 * each has room on both sides.
 */

/** Full vertices: busy .99 and more. Loaded ones that keep up: .97 at most. */
export const SATURATED_BUSY = 0.95;
/** In front of a full vertex .51–1.00, elsewhere .07 at most, bursts .35. */
export const PRESSURED = 0.5;
/** Mean of the subtasks of a vertex whose busiest is full: .99 where all are, .42–.70 where one gets most. */
export const EVEN_BUSY = 0.78;
/** Records of the busiest subtask by the mean: 1.00–1.05 where all get the same, 1.5 with uneven key groups, 2.4 with a hot key. */
export const SKEWED_RECORDS = 1.3;
/** Share of time that collections take: .73 with a heap that is too small, .004 in healthy jobs. */
export const GC_SHARE = 0.1;
/** Lowest use of the heap over two minutes: .88 and more where what is alive fills it. Says something only after collections. */
export const HEAP_FLOOR = 0.8;
export const HEAP_COLLECTIONS = 10;
/** What a leak adds to the lowest use in two minutes, share of the heap. */
export const LEAK_STEP = 0.02;
/** After a start busy is wrong for 110 s, and a backlog has to be read. */
export const SETTLED = '5m';
/** Below it lag is not harm: batches of a source, a pause of a checkpoint. */
export const LAG_COUNTS_SECONDS = 10;
/** A backlog that is gone within that time is being caught up on. */
export const CATCH_UP_SECONDS = 3600;
/** Of what the sources read: +.5 with a bottleneck, 0 in healthy jobs. */
export const FALLS_BEHIND = 0.02;
/** Lag that a job without a full vertex must have before it alerts. */
export const LAG_ALERT_SECONDS = 60;
/** Checkpoints should leave as much time as they take. */
export const CHECKPOINT_SHARE = 0.5;
/** A partition that is silent for so long while others have records is no pause. */
export const WATERMARK_WINDOW = '5m';
/** Records a second that a vertex must get, so that a job without input stays silent. */
export const RECORDS_FLOW = 1;
/** Flink's marks for "none yet" and "the input has ended" are the ends of a 64-bit integer, which a float rounds. */
export const NO_WATERMARK = '-9e18';
export const LAST_WATERMARK = '9e18';
