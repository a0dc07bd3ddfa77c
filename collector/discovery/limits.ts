/** Clusters taken from one source; more are left out, and the status says so. */
export const MAX_CLUSTERS_PER_SOURCE = 1_000;
/** A cluster that its source lists no more is watched for this long: a source that restarts lists nothing for a moment. */
export const GONE_KEPT_MS = 60_000;

/** A file is looked at this often; that needs no file events, which mounted volumes do not always bring. */
export const FILE_INTERVAL_MS = 5_000;
/** A list of clusters is no longer than this. */
export const MAX_FILE_BYTES = 4 * 1024 * 1024;

/** YARN's ResourceManager is asked this often. */
export const YARN_INTERVAL_MS = 30_000;

/** First wait after a failure of a source; it doubles up to the collector's longest. */
export const RETRY_INTERVAL_MS = 5_000;
/** Time for one answer of a source. Lists of a large cluster take their time. */
export const SOURCE_TIMEOUT_MS = 15_000;
export const MAX_SOURCE_BODY_BYTES = 64 * 1024 * 1024;

/** Objects per page of a list of Kubernetes, and pages read: 20 000 objects. */
export const PAGE_OBJECTS = 500;
export const MAX_PAGES = 40;
/** The API server ends a watch after this time, so that a connection that died silently is noticed. */
export const WATCH_SECONDS = 300;
/** Silence on a watch: longer than it may last, so only a dead connection is cut. */
export const WATCH_SILENCE_MS = (WATCH_SECONDS + 30) * 1_000;
/** A watch that ends sooner counts as failed: nobody may make us knock in a circle. */
export const SHORTEST_WATCH_MS = 1_000;
/** One event of a watch; a FlinkDeployment with a long specification has some 100 kB. */
export const MAX_EVENT_CHARS = 8 * 1024 * 1024;
/** Connections to one API server: two watches for each namespace, and the lists. */
export const MAX_API_CONNECTIONS = 128;
/** A kind of object that the API server does not know (no Flink operator) is looked for again this often. */
export const ABSENT_KIND_INTERVAL_MS = 300_000;
