import { systemClock, type Clock } from '../clock.js';
import { createDispatchers, type Dispatchers } from '../http/dispatchers.js';
import type { ProxyChoice } from '../http/proxy.js';
import { failure, showUrl } from '../flink/failures.js';
import type { ReadFailure, Reading } from '../model/index.js';
import type { CollectorObserver } from '../observer.js';
import { eachLimited } from '../round/each-limited.js';
import { ReporterFigures, type Labels } from './figures.js';
import { MAX_SCRAPES_AT_ONCE, SCRAPE_TIMEOUT_MS, SCRAPED_MAX_AGE_MS } from './limits.js';
import { meaningOf } from './reporter-names.js';
import { scrape } from './scrape.js';
import { parseLabels } from './text-scanner.js';
import { Troubles } from './troubles.js';
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

/** What the Prometheus reporters of one cluster's processes say, read together once a round, from them or from a server. */
export interface Reporters {
  /** What they said last. */
  readonly figures: ReporterFigures;
  /** Figures that are older are no readings of the present. */
  readonly maxAgeMs: number;
  /** Reads all of them: a failure when one could not be read. Never rejects for what they do. */
  refresh(): Promise<Reading<undefined>>;
  close(): Promise<void>;
}

export function createReporters(options: ReportersOptions): Reporters {
  return new ScrapedReporters(options);
}

class ScrapedReporters implements Reporters {
  figures = new ReporterFigures();
  readonly maxAgeMs = SCRAPED_MAX_AGE_MS;
  readonly #options: ReportersOptions;
  readonly #clock: Clock;
  readonly #targets: (nowMs: number) => Promise<KnownTargets>;
  readonly #dispatchers: Dispatchers;
  readonly #troubles: Troubles;

  constructor(options: ReportersOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#troubles = new Troubles(options.intervalMs, options.random ?? Math.random);
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
    this.#troubles.keepOnly(urls);
    this.figures = figures;
    const atMs = this.#clock.nowMs();
    const worst = problem ?? summary(problems, urls.length);
    return worst === undefined ? { ok: true, value: undefined, atMs } : { ok: false, failure: worst, atMs };
  }

  async close(): Promise<void> {
    await this.#dispatchers.destroy();
  }

  async #readOne(url: string, figures: ReporterFigures): Promise<ReadFailure | undefined> {
    const startMs = this.#clock.nowMs();
    const waits = this.#troubles.reasonToWait(url, startMs);
    if (waits !== undefined) return waits;
    let unlabelled = 0;
    const labelsOf = rememberingLabels();
    const startedMs = performance.now();
    const problem = await scrape({
      dispatcher: await this.#dispatchers.forOrigin(new URL(url).origin),
      url,
      isWanted: (name) => meaningOf(name) !== undefined,
      onSeries: (name, labels, value) => {
        if (!figures.add(url, startMs, name, labelsOf(labels), value)) unlabelled += 1;
      },
    });
    const { name, observer } = this.#options;
    observer?.onRequest?.(name, 'reporter', problem?.kind ?? 'ok', (performance.now() - startedMs) / 1000);
    this.#troubles.note(url, problem, this.#clock.nowMs());
    return problem ?? withoutLabels(url, unlabelled);
  }
}

/** The labels of a task stand before each of its values: they are read once. */
function rememberingLabels(): (text: string) => Labels {
  const known = new Map<string, Labels>();
  return (text) => {
    if (!known.has(text)) known.set(text, parseLabels(text));
    return known.get(text);
  };
}

export function withoutLabels(url: string, series: number): ReadFailure | undefined {
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
