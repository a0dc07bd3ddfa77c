/** Form of the file. A reader takes this one and older ones. */
export const BUNDLE_FORMAT = 1;
/** What a bundle may hold, unpacked; recording stops before it would grow beyond. */
export const MAX_BUNDLE_BYTES = 200_000_000;
/** What a reader unpacks at most: a small file can be made that unpacks to any size. */
export const MAX_UNPACKED_BYTES = 2 * MAX_BUNDLE_BYTES;
/** Levels of an answer that are kept. Flink's own have nine. */
export const MAX_BODY_DEPTH = 64;
/** Shorter words of the access (a role, a scheme) are no secrets, and taking them out would blacken half of the file. */
export const MIN_ACCESS_SECRET_CHARS = 8;
/** How long one bundle of what the service records is, so that the oldest can go one by one. */
export const RECORDING_STRETCH_MS = 3_600_000;
/** The folder of recordings is bounded by removing whole bundles, so none may be more than one of so many parts of it. */
export const RECORDING_PARTS = 20;
/** Answers of a cluster older than this are those of a page or a TaskManager that nobody asks for any more. */
export const RECORDING_CARRIED_MS = 2 * RECORDING_STRETCH_MS;
/** What the service's recordings take together when nothing else is said: about a week of ten small jobs. */
export const DEFAULT_RECORDINGS_BYTES = 2 ** 29;
/**
 * Tasks of all clusters that are recorded together. Measured: a round of a job of ten tasks costs 1.8 ms of CPU to record, one of
 * 40 tasks in twenty vertices 3.9 ms, so this many cost one to two hundredths of a core at a beat of 10 s.
 */
export const DEFAULT_RECORDED_TASKS = 1_000;
/** Answers of one round that wait to be written, unpacked. More than that is no small cluster. */
export const MAX_RECORDED_ROUND_CHARS = 16_000_000;
