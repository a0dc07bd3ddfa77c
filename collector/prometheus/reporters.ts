import { systemClock, type Clock } from '../clock.js';
import { createDispatchers, type Dispatchers } from '../http/dispatchers.js';
import type { ProxyChoice } from '../http/proxy.js';
import { failure, showUrl } from '../flink/failures.js';
import type { ReadFailure, Reading } from '../model/index.js';
import type { CollectorObserver } from '../observer.js';
import { backOffMs } from '../plan/back-off.js';
import { eachLimited } from '../round/each-limited.js';
import { ReporterFigures } from './figures.js';
import { MAX_SCRAPES_AT_ONCE, SCRAPE_TIMEOUT_MS } from './limits.js';
import { meaningOf } from './reporter-names.js';
import { scrape } from './scrape.js';
import { createTargets, resolveAll, type KnownTargets, type ReporterTargets, type Resolve } from './targets.js';

export interface ReportersOptions {
  /** The cluster's name, for the observer. */
  readonly name: string;
  readonly targets: ReporterTargets;
  /** Beat of the cluster's rounds, ms: a target that fails is left alone for longer and longer. */
  readonly intervalMs: number;
  readonly proxy?: ProxyChoice;
  readonly observer?: CollectorObserver;
  readonly clock?: Clock;
  readonly resolve?: Resolve;
  /** 0..1, for the jitter of the back-off. */
  readonly random?: () => number;
}

/** The Prometheus reporters of one cluster's processes, read together once a round. */
export interface Reporters {
  /** What they said last. */
  readonly figures: ReporterFigures;
  /** Reads all of them: a failure when one could not be read. Never rejects for what they do. */
  refresh(): Promise<Reading<undefined>>;
  close(): Promise<void>;
}

export function createReporters(options: ReportersOptions): Reporters {
  return new ScrapedReporters(options);
}

interface Trouble {
  readonly failures: number;
  readonly notBeforeMs: number;
  readonly last: ReadFailure;
}

class ScrapedReporters implements Reporters {
  figures = new ReporterFigures();
  readonly #options: ReportersOptions;
  readonly #clock: Clock;
  readonly #targets: (nowMs: number) => Promise<KnownTargets>;
  readonly #dispatchers: Dispatchers;
  readonly #troubles = new Map<string, Trouble>();

  constructor(options: ReportersOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#targets = createTargets(options.targets, options.resolve ?? resolveAll);
    this.#dispatchers = createDispatchers({
      connections: 1,
      timeoutMs: SCRAPE_TIMEOUT_MS,
      bodyTimeoutMs: SCRAPE_TIMEOUT_MS,
      clock: this.#clock,
      ...(options.proxy === undefined ? {} : { proxy: options.proxy }),
    });
  }

  async refresh(): Promise<Reading<undefined>> {
    const { urls, problem } = await this.#targets(this.#clock.nowMs());
    const problems: ReadFailure[] = [];
    const figures = new ReporterFigures();
    await eachLimited(urls, MAX_SCRAPES_AT_ONCE, async (url) => {
      const failed = await this.#readOne(url, figures);
      if (failed !== undefined) problems.push(failed);
    });
    for (const url of this.#troubles.keys()) if (!urls.includes(url)) this.#troubles.delete(url);
    figures.seal();
    this.figures = figures;
    const atMs = this.#clock.nowMs();
    const worst = problem ?? summary(problems, urls.length);
    return worst === undefined ? { ok: true, value: undefined, atMs } : { ok: false, failure: worst, atMs };
  }

  async close(): Promise<void> {
    await this.#dispatchers.destroy();
  }

  async #readOne(url: string, figures: ReporterFigures): Promise<ReadFailure | undefined> {
    const trouble = this.#troubles.get(url);
    const startMs = this.#clock.nowMs();
    if (trouble !== undefined && startMs < trouble.notBeforeMs) return trouble.last;
    const unlabelledBefore = figures.unlabelled;
    const startedMs = performance.now();
    const problem = await scrape({
      dispatcher: await this.#dispatchers.forOrigin(new URL(url).origin),
      url,
      isWanted: (name) => meaningOf(name) !== undefined,
      onSeries: (name, labels, value) => {
        figures.add(url, startMs, name, labels, value);
      },
    });
    const { name, observer } = this.#options;
    observer?.onRequest?.(name, 'reporter', problem?.kind ?? 'ok', (performance.now() - startedMs) / 1000);
    if (problem === undefined) this.#troubles.delete(url);
    else this.#noteTrouble(url, problem);
    return problem ?? withoutLabels(url, figures.unlabelled - unlabelledBefore);
  }

  #noteTrouble(url: string, last: ReadFailure): void {
    const failures = (this.#troubles.get(url)?.failures ?? 0) + 1;
    const { intervalMs, random = Math.random } = this.#options;
    // Half a beat less: the round in which it is due must not miss it by the time that a round takes.
    const waitMs = backOffMs(failures, intervalMs, random()) - intervalMs / 2;
    this.#troubles.set(url, { failures, notBeforeMs: this.#clock.nowMs() + waitMs, last });
  }
}

function withoutLabels(url: string, series: number): ReadFailure | undefined {
  if (series === 0) return undefined;
  const message = `${showUrl(url)}: ${series} series lack the labels job_id, task_id, subtask_index, task_attempt_num, operator_name or tm_id and were left out: take these out of scope.variables.excludes of the reporter.`;
  return failure('malformed', message);
}

/** One failure for all: how many, and what the first one needs. */
function summary(problems: readonly ReadFailure[], targets: number): ReadFailure | undefined {
  const [first] = problems;
  if (first === undefined || targets === 1) return first;
  return { ...first, message: `${problems.length} of ${targets} reporters: ${first.message}` };
}
