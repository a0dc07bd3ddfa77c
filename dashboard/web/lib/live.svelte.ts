import type { ClusterSummary, ClustersResponse, JobRow, JobsResponse, StreamEvent } from '../../contract.ts';
import { ApiError, apiPath, getJson } from './api.ts';
import { clock } from './clock.svelte.ts';
import { language } from './i18n.svelte.ts';

const RETRY_FIRST_MS = 2_000;
const RETRY_LAST_MS = 30_000;

const STREAM_PATIENCE_MS = 700;

type JobListener = (cluster: string, jobId: string) => void;

/** The one event stream of this tab, and the fleet as it last said. */
class Live {
  clusters = $state.raw<ClusterSummary[]>([]);
  jobs = $state.raw<JobRow[]>([]);
  /** Whether a fleet has been seen at all. */
  known = $state(false);
  error = $state.raw<ApiError | undefined>();
  /** Since when the stream is down; `undefined` while it is up. */
  downSinceMs = $state<number | undefined>();
  #source: EventSource | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #retryMs = RETRY_FIRST_MS;
  #listeners = new Set<JobListener>();

  /** Opens the stream in the present language; the returned function ends it. */
  start(): () => void {
    // The stream begins with the whole fleet; only where it does not come is it asked for.
    this.#timer = setTimeout(() => void this.#readFleet(), STREAM_PATIENCE_MS);
    this.#open();
    return () => this.#stop();
  }

  retryNow(): void {
    this.#retryMs = RETRY_FIRST_MS;
    this.#reopen();
  }

  onJob(listener: JobListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #open(): void {
    const source = new EventSource(new URL(apiPath(['stream'], { lang: language() }), document.baseURI));
    const onMessage = (message: MessageEvent<string>) => this.#take(message.data);
    // The kind is in the data; the server may name its events as well.
    for (const name of ['message', 'fleet', 'job']) source.addEventListener(name, onMessage);
    source.onopen = () => this.#up();
    source.onerror = () => this.#down();
    this.#source = source;
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = undefined;
  }

  #up(): void {
    this.downSinceMs = undefined;
    this.#retryMs = RETRY_FIRST_MS;
  }

  #down(): void {
    this.#stop();
    this.downSinceMs ??= clock.nowMs;
    this.#timer = setTimeout(() => this.#reopen(), this.#retryMs);
    this.#retryMs = Math.min(this.#retryMs * 2, RETRY_LAST_MS);
  }

  #reopen(): void {
    this.#stop();
    // A proxy may cut streams and still let plain requests through.
    void this.#readFleet();
    this.#open();
  }

  #take(text: string): void {
    const event = JSON.parse(text) as StreamEvent; // Our own server, our own contract.
    clock.learnOffset(event.atMs - Date.now());
    if (event.type === 'fleet') this.#show(event.clusters, event.jobs);
    else for (const listener of this.#listeners) listener(event.cluster, event.jobId);
  }

  #show(clusters: ClusterSummary[], jobs: JobRow[]): void {
    this.clusters = clusters;
    this.jobs = jobs;
    this.known = true;
    if (this.downSinceMs === undefined) clearTimeout(this.#timer);
    this.error = undefined;
    clock.tick();
  }

  async #readFleet(): Promise<void> {
    const signal = AbortSignal.timeout(20_000);
    const asked = language();
    try {
      const [clusters, jobs] = await Promise.all([
        getJson<ClustersResponse>(apiPath(['clusters']), asked, signal),
        getJson<JobsResponse>(apiPath(['jobs']), asked, signal),
      ]);
      if (asked !== language()) return;
      clock.learnOffset(jobs.clockOffsetMs);
      this.#show(clusters.body.clusters, jobs.body.jobs);
    } catch (error) {
      this.error = error instanceof ApiError ? error : new ApiError(0, 'network', String(error));
    }
  }
}

export const live = new Live();
