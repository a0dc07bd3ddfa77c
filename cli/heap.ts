import { setFlagsFromString } from 'node:v8';

/**
 * How much the heap may grow over what was alive at the last full collection, in percent. Measured with
 * `npm run bench -- collect --jobs 1000 --vertices 5 --parallelism 4`, minutes 2 and 3 on a quiet machine, young generation of 32 MiB,
 * CPU a job and poll and resident memory: growth 100 3.41 ms, 580 MiB; growth 60 3.17 ms, 532 MiB; growth 60 with a young
 * generation of 16 MiB 4.94 ms, 522 MiB; growth 50 with that 4.51 ms, 474 MiB. What dies young is the business of the young generation,
 * which package.json and the Dockerfile make larger (`--max-semi-space-size`).
 */
const HEAP_GROWING_PERCENT = 60;

/** V8 reads this at each full collection, so it can be set in a running process; the young generation's size cannot. */
export function keepHeapSmall(): void {
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWING_PERCENT}`);
}
