import type { ZodType } from 'zod';
import type { Clock } from '../../clock.js';
import { failure } from '../../flink/failures.js';
import type { ReadFailure, Reading } from '../../model/index.js';
import { backOffMs } from '../../plan/back-off.js';
import {
  ABSENT_KIND_INTERVAL_MS,
  MAX_PAGES,
  PAGE_OBJECTS,
  RETRY_INTERVAL_MS,
  SHORTEST_WATCH_MS,
  WATCH_SECONDS,
} from '../limits.js';
import type { KubernetesApi } from './api.js';
import { decodeEvent, decodePage, type KubernetesObject, type WatchEvent } from './objects.decode.js';

export interface ResourceWatchOptions<T> {
  readonly api: KubernetesApi;
  /** The collection, such as `/api/v1/namespaces/streaming/services`. */
  readonly path: string;
  readonly labelSelector?: string;
  readonly schema: ZodType<T>;
  /** A collection that the API server does not know is an empty one: its kind is not installed. */
  readonly mayBeAbsent: boolean;
  readonly onChange: () => void;
  readonly clock: Clock;
  readonly random: () => number;
}

/** The objects of one collection, kept as they are now: listed once, then watched (the API's own way to follow changes). */
export class ResourceWatch<T extends KubernetesObject> {
  readonly #options: ResourceWatchOptions<T>;
  #objects = new Map<string, T>();
  #failure: ReadFailure | undefined;
  #isListed = false;
  #failuresInARow = 0;
  #shortInARow = 0;

  constructor(options: ResourceWatchOptions<T>) {
    this.#options = options;
  }

  get objects(): readonly T[] {
    return [...this.#objects.values()];
  }

  get failure(): ReadFailure | undefined {
    return this.#failure;
  }

  /** True once the collection was read. */
  get isListed(): boolean {
    return this.#isListed;
  }

  /** Ends when `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const resourceVersion = await this.#list(signal);
      if (resourceVersion !== undefined) await this.#follow(resourceVersion, signal);
    }
  }

  /** The version of the list, from which to watch; undefined after a wait when it is to be tried again. */
  async #list(signal: AbortSignal): Promise<string | undefined> {
    const listed = await this.#readPages(signal);
    if (signal.aborted) return undefined;
    if (!listed.ok) {
      if (listed.failure.kind === 'not-found' && this.#options.mayBeAbsent) return this.#noteAbsent(signal);
      return this.#fail(listed.failure, signal);
    }
    this.#objects = new Map(listed.value.objects.map((object) => [keyOf(object), object]));
    this.#succeed();
    return listed.value.resourceVersion;
  }

  async #readPages(
    signal: AbortSignal,
  ): Promise<Reading<{ readonly objects: readonly T[]; readonly resourceVersion: string }>> {
    const { api, schema, path } = this.#options;
    const objects: T[] = [];
    let token: string | undefined;
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const reading = await api.text(
        this.#url({ limit: String(PAGE_OBJECTS), ...(token === undefined ? {} : { continue: token }) }),
        signal,
      );
      if (!reading.ok) return reading;
      const decoded = decodePage(reading.value, schema);
      if (!decoded.ok) {
        const message = `Kubernetes: ${path} brought no list (${decoded.problem}): is this an API server?`;
        return { ok: false, failure: failure('malformed', message), atMs: reading.atMs };
      }
      objects.push(...decoded.value.objects);
      token = decoded.value.continueToken;
      if (token === undefined)
        return { ...reading, value: { objects, resourceVersion: decoded.value.resourceVersion } };
    }
    const message = `Kubernetes: ${path} has more than ${MAX_PAGES * PAGE_OBJECTS} objects: narrow it with namespaces or labelSelector.`;
    return { ok: false, failure: failure('too-large', message), atMs: this.#options.clock.nowMs() };
  }

  /** Watches until the version is too old or the login is refused: then everything is listed anew. */
  async #follow(from: string, signal: AbortSignal): Promise<void> {
    const { api, clock, random } = this.#options;
    let resourceVersion: string | undefined = from;
    while (resourceVersion !== undefined && !signal.aborted) {
      const url = this.#url({
        watch: '1',
        resourceVersion,
        allowWatchBookmarks: 'true',
        timeoutSeconds: String(WATCH_SECONDS),
      });
      const beganMs = clock.nowMs();
      const reading = await api.lines(url, signal);
      if (signal.aborted) return;
      if (!reading.ok) {
        if (reading.failure.status === GONE) return;
        await this.#fail(reading.failure, signal);
        // Whatever the API server has answered, it may want another login or have lost the version.
        if (reading.failure.status !== undefined) return;
        continue;
      }
      if (this.#failure !== undefined) this.#succeed();
      resourceVersion = await this.#take(reading.value, resourceVersion);
      const wasShort = clock.nowMs() - beganMs < SHORTEST_WATCH_MS;
      this.#shortInARow = wasShort ? this.#shortInARow + 1 : 0;
      if (wasShort) await clock.sleep(backOffMs(this.#shortInARow, SHORTEST_WATCH_MS, random()), signal);
    }
  }

  /** Takes what a watch brings until it ends; the version to go on from, undefined when there is none any more. */
  async #take(lines: AsyncIterable<string>, from: string): Promise<string | undefined> {
    let resourceVersion = from;
    for await (const line of lines) {
      const event = decodeEvent(line, this.#options.schema);
      if (event === undefined) continue;
      if (event.type === 'error') return undefined;
      resourceVersion = event.resourceVersion;
      if (this.#apply(event)) this.#options.onChange();
    }
    return resourceVersion;
  }

  #apply(event: Exclude<WatchEvent<T>, { type: 'error' }>): boolean {
    if (event.type === 'bookmark') return false;
    if (event.type === 'gone') return this.#objects.delete(keyOf(event.object));
    this.#objects.set(keyOf(event.object), event.object);
    return true;
  }

  async #noteAbsent(signal: AbortSignal): Promise<undefined> {
    this.#objects = new Map();
    this.#succeed();
    await this.#options.clock.sleep(ABSENT_KIND_INTERVAL_MS, signal);
    return undefined;
  }

  #succeed(): void {
    this.#failure = undefined;
    this.#failuresInARow = 0;
    this.#isListed = true;
    this.#options.onChange();
  }

  async #fail(reason: ReadFailure, signal: AbortSignal): Promise<undefined> {
    const { clock, random, onChange } = this.#options;
    this.#failure = reason;
    this.#failuresInARow += 1;
    onChange();
    await clock.sleep(backOffMs(this.#failuresInARow, RETRY_INTERVAL_MS, random()), signal);
    return undefined;
  }

  #url(query: Readonly<Record<string, string>>): string {
    const { path, labelSelector } = this.#options;
    const all = new URLSearchParams({ ...query, ...(labelSelector === undefined ? {} : { labelSelector }) });
    return `${path}?${all.toString()}`;
  }
}

/** What is watched is older than the API server remembers. */
const GONE = 410;

const keyOf = ({ namespace, name }: KubernetesObject): string => `${namespace}/${name}`;
