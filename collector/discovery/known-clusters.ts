import { failure } from '../flink/failures.js';
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
    const kept = clusters.slice(0, MAX_CLUSTERS_PER_SOURCE);
    const left = clusters.length - kept.length;
    const tooMany = `${this.source} lists ${clusters.length} clusters; ${left} are left out, because Weir takes ${MAX_CLUSTERS_PER_SOURCE} of one source.`;
    const before = this.#fingerprint();
    this.#clusters = kept;
    this.#failure = left > 0 ? failure('too-large', tooMany) : problem;
    if (problem === undefined) this.#lastReadMs = atMs;
    if (this.#fingerprint() !== before) this.#tell();
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
