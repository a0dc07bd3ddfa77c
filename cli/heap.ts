import { setFlagsFromString } from 'node:v8';

/**
 * How much the heap may grow over what was alive at the last full collection, in percent. Measured with
 * `npm run bench -- collect --jobs 1000 --vertices 5 --parallelism 4`, minutes 2 and 3 on a quiet machine, CPU a job and poll and resident memory:
 * V8's own choice 4.96 ms, 1170 MiB; with a young generation of 32 MiB 4.49 ms, 1063 MiB; with that and growth 100 4.68 ms, 796 MiB;
 * growth 40 5.94 ms, 723 MiB. What dies young is the business of the young generation, which package.json and the Dockerfile
 * make larger (`--max-semi-space-size`).
 */
const HEAP_GROWING_PERCENT = 100;

/** V8 reads this at each full collection, so it can be set in a running process; the young generation's size cannot. */
export function keepHeapSmall(): void {
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWING_PERCENT}`);
}
