import { failure, quote } from '../flink/failures.js';
import { defined, type ReadFailure } from '../model/index.js';
import type { DiscoveredCluster, DiscoveryStatus } from './discovery.js';
import { MAX_CLUSTERS_PER_SOURCE } from './limits.js';

/** What a source has said last, and who wants to know of it: the memory that every discovery has. */
export class KnownClusters {
  readonly source: string;
  readonly #listeners = new Set<() => void>();
  #clusters: readonly DiscoveredCluster[] = [];
  #failure: ReadFailure | undefined;
  #lastReadMs: number | undefined;

  constructor(source: string) {
    this.source = source;
  }

  get all(): readonly DiscoveredCluster[] {
    return this.#clusters;
  }

  status(): DiscoveryStatus {
    return defined<DiscoveryStatus>({
      source: this.source,
      clusters: this.#clusters.length,
      failure: this.#failure,
      lastReadMs: this.#lastReadMs,
    });
  }

  /** The source has answered; `problem` when only a part of it did. */
  set(clusters: readonly DiscoveredCluster[], atMs: number, problem?: ReadFailure): void {
    const usable = clusters.filter(({ urls }) => urls.length > 0 && urls.every(isUrl));
    const before = this.#fingerprint();
    this.#clusters = usable.slice(0, MAX_CLUSTERS_PER_SOURCE);
    this.#failure = problem ?? this.#leftOut(clusters, usable);
    if (problem === undefined) this.#lastReadMs = atMs;
    if (this.#fingerprint() !== before) this.#tell();
  }

  /** What a source lists is not ours to correct, but what of it is not watched must be said. */
  #leftOut(all: readonly DiscoveredCluster[], usable: readonly DiscoveredCluster[]): ReadFailure | undefined {
    const bad = all.find((cluster) => !usable.includes(cluster));
    if (bad !== undefined)
      return failure(
        'malformed',
        `${this.source}: cluster ${bad.name} has no http URL (${bad.urls.map(quote).join(', ')}) and is left out.`,
      );
    const left = usable.length - MAX_CLUSTERS_PER_SOURCE;
    if (left <= 0) return undefined;
    const message = `${this.source} lists ${usable.length} clusters; ${left} are left out, because Weir takes ${MAX_CLUSTERS_PER_SOURCE} of one source.`;
    return failure('too-large', message);
  }

  /** The source could not be read: the set stays. */
  fail(reason: ReadFailure): void {
    const isNews = this.#failure?.message !== reason.message;
    this.#failure = reason;
    if (isNews) this.#tell();
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  #fingerprint(): string {
    return JSON.stringify([this.#clusters, this.#failure?.message]);
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

const isUrl = (text: string): boolean => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
