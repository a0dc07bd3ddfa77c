import { getHeapSpaceStatistics, getHeapStatistics, setFlagsFromString } from 'node:v8';

const MIB = 2 ** 20;

/**
 * How much the heap may grow over what was alive at the last full collection, in percent, and by which factor the young generation
 * grows when much survives in it. Measured with `npm run bench -- collect --jobs 1000 --vertices 5 --parallelism 4`, minute 2, two
 * runs at a time on a quiet machine: CPU a job and poll, resident memory at most: 60 % and a young generation of up to 32 MiB 2.8 ms,
 * 474 MiB; 60 % and 16 MiB 2.8 ms, 436 MiB; 30 % and 16 MiB 2.7 ms, 371 MiB. A young generation that starts at 1 MiB and may not pass
 * 16 took 3.2 ms: it is worth to begin with 16, as package.json and the Dockerfile do (`--min-semi-space-size`).
 * What survives while the modules load could double it, and it never shrinks again (440 MiB in place of 389): so this is called before
 * anything else is loaded. V8 does not take the factor from the command line.
 */
const SMALL = { growingPercent: 30, youngGrowth: 1 };
/** With a million subtasks full collections are dear, and a young generation of 32 MiB saves a tenth of the CPU for a fiftieth of the memory. */
const LARGE = { growingPercent: 60, youngGrowth: 2 };

/** A thousand small jobs use 140–200 MiB, a thousand wide ones over 600. */
const LARGE_FROM_BYTES = 320 * MIB;
const YOUNG_AT_LEAST_BYTES = 16 * MIB;
const LOOK_EVERY_MS = 10_000;

/** V8 reads these at each collection, so they can be set in a running process; the young generation's bounds cannot. */
export function keepHeapSmall(): void {
  if (youngBytes() < YOUNG_AT_LEAST_BYTES) {
    // Started without our flags: Node's own bounds hold, and a young generation that begins with 1 MiB must be free to grow.
    apply({ ...SMALL, youngGrowth: LARGE.youngGrowth });
  } else apply(SMALL);
  const timer = setInterval(() => {
    if (getHeapStatistics().used_heap_size < LARGE_FROM_BYTES) return;
    apply(LARGE);
    clearInterval(timer);
  }, LOOK_EVERY_MS);
  timer.unref();
}

function apply({ growingPercent, youngGrowth }: typeof SMALL): void {
  setFlagsFromString(`--heap-growing-percent=${growingPercent}`);
  setFlagsFromString(`--semi-space-growth-factor=${youngGrowth}`);
}

const youngBytes = (): number =>
  getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')?.space_size ?? 0;
