import { setTimeout as delay } from 'node:timers/promises';
import { startCluster, type Cluster } from '../cluster.js';
import { allTasksRunning, type JobDetails } from '../flink/rest.js';
import { renderGraph } from '../graph.js';
import { isOnOperator } from '../suite/judge.js';
import { startWeir, type WeirService } from '../suite/weir-process.js';
import type { FlinkRelease } from '../versions.js';
import { waitFor } from '../wait.js';
import { decodeAdvice, decodeLag, type SizeAdvice } from './advice.decode.js';
import { busiestRatio } from './busy.js';
import type { SizedCase } from './cases.js';
import { resizesIn } from './verdict.js';

const POLL_MS = 2_000;
const RUNNING_TIMEOUT_MS = 120_000;
const BUSY_WINDOW_MS = 60_000;

/** A job of known size on a real cluster with Weir beside it. */
export class SizedJob {
  private constructor(
    readonly cluster: Cluster,
    readonly jobId: string,
    readonly runsSinceMs: number,
    private readonly weir: WeirService,
  ) {}

  /** Returns when all tasks run. The adaptive scheduler, so that a change is applied in place. */
  static async start(sized: SizedCase, release: FlinkRelease, say: (line: string) => void): Promise<SizedJob> {
    const cluster = await startCluster({
      release,
      label: sized.id,
      taskManagers: 1,
      slotsPerTaskManager: sized.slots,
      config: {
        'jobmanager.scheduler': 'adaptive',
        'jobmanager.adaptive-scheduler.resource-stabilization-timeout': '1 s',
        ...sized.config,
      },
      say,
    });
    let weir: WeirService | undefined;
    try {
      weir = await startWeir(cluster.restUrl, cluster.workDir);
      const jobId = await cluster.submitJob({
        entryClass: 'weir.testbed.FaultJob',
        args: ['--name', sized.id, '--graph', renderGraph(sized.graph)],
      });
      await untilRunning(cluster, jobId, () => true);
      return new SizedJob(cluster, jobId, Date.now(), weir);
    } catch (error) {
      await weir?.stop();
      await cluster.stop();
      throw error;
    }
  }

  async advice(): Promise<readonly SizeAdvice[]> {
    return decodeAdvice(await this.#ask('/recommendations'));
  }

  async lagSeconds(): Promise<number | undefined> {
    return decodeLag(await this.#ask('/jobs'), this.jobId);
  }

  /** Records that wait in the buffers before an operator, by Flink's own counters; of a source that feeds it alone. */
  async inFlightRecords(operator: string): Promise<number> {
    const { vertices } = await this.cluster.rest.job(this.jobId);
    const source = vertices.find(({ name }) => name.startsWith('Source: '));
    const own = vertices.find(({ name }) => isOnOperator(name, operator));
    return source === own ? 0 : (source?.metrics?.['write-records'] ?? 0) - (own?.metrics?.['read-records'] ?? 0);
  }

  /** Looks every two seconds until a moment; ends early when `isEnough` says so. */
  async look(untilMs: number, isEnough: (advice: readonly SizeAdvice[], atMs: number) => boolean): Promise<void> {
    while (Date.now() < untilMs) {
      this.cluster.mustRun();
      if (isEnough(await this.advice(), Date.now())) return;
      await delay(POLL_MS);
    }
  }

  /** What a person does who follows the advice: every vertex gets the parallelism that is named, in place. */
  async apply(advice: readonly SizeAdvice[]): Promise<void> {
    const wanted = new Map(resizesIn(advice).map(({ vertexName, to }) => [vertexName, to]));
    const { vertices } = await this.cluster.rest.job(this.jobId);
    const all = vertices.map(({ id, name, parallelism }) => [id, wanted.get(name) ?? parallelism] as const);
    await this.cluster.rest.rescale(this.jobId, Object.fromEntries(all));
    await untilRunning(this.cluster, this.jobId, (now) =>
      now.vertices.every(({ id, parallelism }) => all.some(([wantedId, p]) => wantedId === id && p === parallelism)),
    );
  }

  busiest(operator: string): Promise<number> {
    return busiestRatio(this.cluster.rest, this.jobId, operator, BUSY_WINDOW_MS);
  }

  async parallelismOf(operator: string): Promise<number> {
    const { vertices } = await this.cluster.rest.job(this.jobId);
    return vertices.find(({ name }) => isOnOperator(name, operator))?.parallelism ?? 0;
  }

  async stop(): Promise<void> {
    await this.weir.stop();
    await this.cluster.stop();
  }

  async #ask(path: string): Promise<unknown> {
    const answer = await fetch(`${this.weir.api.url}/api/v1${path}`);
    return answer.json();
  }
}

async function untilRunning(
  cluster: Cluster,
  jobId: string,
  isWanted: (details: JobDetails) => boolean,
): Promise<void> {
  await waitFor(
    async () => {
      const now = await cluster.rest.job(jobId);
      return allTasksRunning(now) && isWanted(now) ? true : undefined;
    },
    {
      what: `all tasks of ${jobId} run as wanted (logs in ${cluster.workDir}/log)`,
      timeoutMs: RUNNING_TIMEOUT_MS,
      stillPossible: cluster.mustRun,
    },
  );
}
