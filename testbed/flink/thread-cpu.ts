import { readdirSync, readFileSync } from 'node:fs';

/** CPU of a JVM's threads by what they are for; nanoseconds since the thread began. */
export interface ThreadCpu {
  /** `flink-rest-server-netty-*`, and `Flink-DispatcherRestEndpoint-thread-*`, which makes the answers from graph and summaries. */
  readonly restNs: number;
  /** Pekko (Akka before 1.18) dispatchers of the JobManager's own actor system. */
  readonly rpcNs: number;
  /** The actor system that fetches metrics from the TaskManagers, and what it runs on. */
  readonly metricsNs: number;
  readonly compilerNs: number;
  readonly gcNs: number;
  readonly otherNs: number;
}

type Part = keyof ThreadCpu;

/** The kernel keeps 15 characters of a thread's name. */
const PARTS: readonly (readonly [prefix: RegExp, part: Part])[] = [
  [/^(flink-rest-serv|Flink-Dispatche|DispatcherRestE)/, 'restNs'],
  [/^flink-metrics/, 'metricsNs'],
  [/^flink-(pekko|akka)/, 'rpcNs'],
  [/^C[12] Compiler/, 'compilerNs'],
  [/^(GC |G1 |VM Thread|VM Periodic)/, 'gcNs'],
];

const partOf = (name: string): Part => PARTS.find(([prefix]) => prefix.test(name))?.[1] ?? 'otherNs';

/** Linux only: from `/proc/PID/task/TID/schedstat`. Threads that ended are gone from the sums. */
export function threadCpu(pid: number): ThreadCpu {
  const sums = { restNs: 0, rpcNs: 0, metricsNs: 0, compilerNs: 0, gcNs: 0, otherNs: 0 };
  for (const id of readdirSync(`/proc/${pid}/task`)) {
    try {
      const name = readFileSync(`/proc/${pid}/task/${id}/comm`, 'utf8').trim();
      sums[partOf(name)] += Number(readFileSync(`/proc/${pid}/task/${id}/schedstat`, 'utf8').split(' ')[0]);
    } catch {
      // The thread ended while we were looking.
    }
  }
  return sums;
}

export function difference(later: ThreadCpu, earlier: ThreadCpu): ThreadCpu {
  return {
    restNs: later.restNs - earlier.restNs,
    rpcNs: later.rpcNs - earlier.rpcNs,
    metricsNs: later.metricsNs - earlier.metricsNs,
    compilerNs: later.compilerNs - earlier.compilerNs,
    gcNs: later.gcNs - earlier.gcNs,
    otherNs: later.otherNs - earlier.otherNs,
  };
}

export function sum(all: readonly ThreadCpu[]): ThreadCpu {
  const total = (part: Part): number => all.reduce((ns, one) => ns + one[part], 0);
  return {
    restNs: total('restNs'),
    rpcNs: total('rpcNs'),
    metricsNs: total('metricsNs'),
    compilerNs: total('compilerNs'),
    gcNs: total('gcNs'),
    otherNs: total('otherNs'),
  };
}
