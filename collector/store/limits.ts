/** Most points one series answer has: a week in steps of five minutes is 2 016. */
export const MAX_POINTS = 2_016;
/**
 * Rows that wait to be written: at 100 000 series a beat brings about 10 000, the first round of a million subtasks a million, in
 * parts. A row takes 90 bytes (`SubtaskRows`). Beyond it the oldest are dropped and counted.
 */
export const MAX_QUEUED_ROWS = 500_000;
/** Texts among them: pictures of jobs, stack traces, phases of checkpoints. */
export const MAX_QUEUED_TEXT_BYTES = 128 * 2 ** 20;
/** A row waits at most this long; so long is what a killed process loses. */
export const FLUSH_EVERY_MS = 5_000;
/** Rows that the embedded store writes in one transaction, and that it does not let wait for its time. */
export const ROWS_PER_TRANSACTION = 50_000;
/** And texts: DuckDB holds a transaction in memory until it is written, and one that does not fit would be tried for ever. */
export const TEXT_BYTES_PER_TRANSACTION = 32 * 2 ** 20;
/** Rows appended before the event loop gets a turn, for appending is synchronous; no more than one DuckDB chunk holds. */
export const ROWS_PER_CHUNK = 2_048;
/** Beat of retention and roll-up: long queries read raw rows only after what is rolled up. */
export const FIRST_MAINTENANCE_AFTER_MS = 60_000;
export const MAINTAIN_EVERY_MS = 5 * 60_000;
/** Rows of a batch may be so much older than its newest and still lie in that one's day, so that a batch is one transaction. */
export const LATE_ROWS_MS = 60 * 60_000;
/** What the data directory may take, and what it leaves free on its disk. */
export const DEFAULT_MAX_BYTES = 20 * 2 ** 30;
export const DEFAULT_MIN_FREE_BYTES = 2 ** 30;
export const ROLLUP_BUCKET_MS = 5 * 60_000;
export const DEFAULT_RAW_KEPT_MS = 3 * 86_400_000;
export const DEFAULT_ROLLUP_KEPT_MS = 90 * 86_400_000;
/** Checkpoints come in large numbers; two weeks serve a weekly report and its comparison. */
export const CHECKPOINTS_KEPT_MS = 14 * 86_400_000;
/** Rows one records query (checkpoints, exceptions, events) answers with; the newest are kept. */
export const MAX_RECORDS = 5_000;
/** Damaged files that `health()` lists. */
export const MAX_DAMAGED_LISTED = 20;
/** Rows of each kind that the memory store holds. */
export const MAX_MEMORY_ROWS = 500_000;
/** Rows that one flush sends to a server before it looks whether there are more. */
export const ROWS_PER_REQUEST = 20_000;
/** Points of one HTTP request to a server; wide points beyond it are no faster. */
export const POINTS_PER_WRITE = 5_000;
/** A server that takes longer counts as away. */
export const SERVER_TIMEOUT_MS = 15_000;
/** Statements in one query of InfluxDB, and queries of VictoriaMetrics at once. */
export const STATEMENTS_PER_QUERY = 50;
export const QUERIES_AT_ONCE = 4;
/** Largest answer of VictoriaMetrics that is read. */
export const MAX_ANSWER_BYTES = 64 * 2 ** 20;
