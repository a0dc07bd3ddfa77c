/** One line of a benchmark: what was done, and what it cost this process. */
export interface Measured {
  readonly name: string;
  readonly work: string;
  readonly runs: number;
  /** Median, lowest and highest wall time of one run. */
  readonly ms: { readonly median: number; readonly min: number; readonly max: number };
  /** CPU of all runs together, user and system. */
  readonly cpuMs: number;
  readonly memoryMb: number;
}

const WARM_UP_RUNS = 3;
const BYTES_PER_MB = 1024 * 1024;

/** Runs one piece of work several times, after a warm-up that does not count. */
export async function measure(
  name: string,
  work: string,
  runs: number,
  run: () => Promise<void> | void,
): Promise<Measured> {
  for (let i = 0; i < WARM_UP_RUNS; i += 1) await run();
  const cpuBefore = process.cpuUsage();
  const times: number[] = [];
  for (let i = 0; i < runs; i += 1) {
    const startedMs = performance.now();
    await run();
    times.push(performance.now() - startedMs);
  }
  const { user, system } = process.cpuUsage(cpuBefore);
  times.sort((a, b) => a - b);
  const at = (share: number): number => round(times[Math.min(times.length - 1, Math.floor(share * times.length))] ?? 0);
  return {
    name,
    work,
    runs,
    ms: { median: at(0.5), min: at(0), max: at(1) },
    cpuMs: round((user + system) / 1000),
    memoryMb: round(process.memoryUsage().rss / BYTES_PER_MB),
  };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
