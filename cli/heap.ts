import { setFlagsFromString } from 'node:v8';

/**
 * How much the heap may grow over what was alive at the last full collection, in percent. V8's own choice lets a service that
 * watches a thousand jobs hold 560 MB for 175 MB alive (`npm run bench -- collect --jobs 1000`); what dies young is the
 * business of the young generation, which package.json and the Dockerfile make larger (`--max-semi-space-size`).
 */
const HEAP_GROWING_PERCENT = 40;

/** V8 reads this at each full collection, so it can be set in a running process; the young generation's size cannot. */
export function keepHeapSmall(): void {
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWING_PERCENT}`);
}
