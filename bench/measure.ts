/** What a benchmark prints: one line of JSON. Times are of one run. */
export interface Measured {
  readonly bench: string;
  /** What one run does, in words and figures. */
  readonly work: string;
  readonly runs: number;
  /** Median of the runs. */
  readonly ms: number;
  readonly maxMs: number;
  /** Processor time of all threads, mean of the runs. */
  readonly cpuMs: number;
  /** Resident memory of the process after the runs. */
  readonly memoryMb: number;
  /** What else this benchmark measures. */
  readonly [figure: string]: string | number;
}

export interface Work {
  readonly work: string;
  readonly runs: number;
  run(): unknown;
  /** Before each run, outside the clock. */
  prepare?(): unknown;
  end?(): unknown;
  /** Default 5: enough that the hot code is compiled before the clock runs. */
  readonly warmUpRuns?: number;
  figures?(): Readonly<Record<string, number>>;
}

const WARM_UP_RUNS = 5;
const MIB = 2 ** 20;

export async function measure(bench: string, { work, runs, run, prepare, end, ...more }: Work): Promise<Measured> {
  for (let i = 0; i < (more.warmUpRuns ?? WARM_UP_RUNS); i += 1) {
    await prepare?.();
    await run();
  }
  const times: number[] = [];
  let cpuMs = 0;
  for (let i = 0; i < runs; i += 1) {
    await prepare?.();
    const cpu = process.cpuUsage();
    const startedMs = performance.now();
    await run();
    times.push(performance.now() - startedMs);
    const { user, system } = process.cpuUsage(cpu);
    cpuMs += (user + system) / 1000;
  }
  const figures = more.figures?.() ?? {};
  await end?.();
  times.sort((a, b) => a - b);
  return {
    bench,
    work,
    runs,
    ms: rounded(times[Math.floor(times.length / 2)] ?? 0),
    maxMs: rounded(times.at(-1) ?? 0),
    cpuMs: rounded(cpuMs / runs),
    memoryMb: Math.round(process.memoryUsage.rss() / MIB),
    ...figures,
  };
}

export const rounded = (value: number): number => Math.round(value * 100) / 100;
