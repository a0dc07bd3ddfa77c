/** Largest answer read from a cluster. The largest seen is a metric list of 414 kB at parallelism 128 (REST-TRUTH §7). */
export const MAX_BODY_BYTES = 16 * 1024 * 1024;
/** Connections to one cluster at once; Flink answers with 4 handler threads (`rest.server.numThreads`). */
export const MAX_CONNECTIONS = 4;
/** Time for one answer, from the moment it is sent. Flink's own limit is 10 min (`web.timeout`). */
export const DEFAULT_TIMEOUT_MS = 5_000;
/** Attempts after a reset connection: a keep-alive connection that the server closed just now is normal. */
export const MAX_RETRIES_ON_RESET = 1;
/** `GET <path> HTTP/1.1` may take 4090 bytes on every version (REST-TRUTH §1.4); Flink calls a longer one not found. */
export const MAX_REQUEST_LINE_BYTES = 4_000;
/** Redirects followed for one answer; http to https and a proxy's move to another prefix are two. */
export const MAX_REDIRECTS = 3;
/** Characters of a foreign text that go into a failure message. */
export const MAX_QUOTED_CHARS = 200;
/** Characters of a stack trace that are kept. */
export const MAX_STACKTRACE_CHARS = 8_000;
