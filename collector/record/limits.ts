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
