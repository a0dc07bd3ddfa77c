/** Targets asked for one cluster: the TaskManagers of the largest clusters seen, and their JobManagers. */
export const MAX_TARGETS = 1_000;
/** Targets read at once: each text is scanned while it arrives, on one thread. */
export const MAX_SCRAPES_AT_ONCE = 8;
/** Largest text of one target, unpacked. 768 tasks in one TaskManager are 22.8 MB (REST-TRUTH §8). */
export const MAX_TEXT_BYTES = 128 * 1024 * 1024;
/** Longest line; the longest seen are 800 characters, names of chained operators make them long. */
export const MAX_LINE_CHARS = 64 * 1024;
/** A TaskManager with 768 tasks on a loaded machine took 4.8–5.9 s for its text (REST-TRUTH §8). */
export const SCRAPE_TIMEOUT_MS = 10_000;
/** How long the addresses behind a DNS name are used before it is asked again: pods come and go within minutes. */
export const ADDRESSES_MAX_AGE_MS = 30_000;
/** How long the page of a vertex tells where its subtasks run; REST is asked at once when anything else says otherwise. */
export const PAGE_MAX_AGE_MS = 60_000;
/** A text older than this is no reading of the present. */
export const SCRAPED_MAX_AGE_MS = 15_000;
/** Most servers scrape every 15 or 30 s; what is older than this REST tells fresher. */
export const QUERIED_MAX_AGE_MS = 45_000;
/** How far back a server is asked for the newest sample of a series. */
export const QUERY_WINDOW_SECONDS = 60;
/** 12 000 series with four samples each, 768 tasks, are about 7 MB. */
export const MAX_QUERY_BYTES = 128 * 1024 * 1024;
export const QUERY_TIMEOUT_MS = 10_000;
