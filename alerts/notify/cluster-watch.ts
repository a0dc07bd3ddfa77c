import { UNKNOWN_MS } from './settings.js';
import type { ClusterView } from './sighting.js';

/** A cluster as last heard of. */
interface Heard {
  readonly view: ClusterView;
  readonly heardMs: number;
  /** Since when it cannot be read. */
  readonly unknownSinceMs?: number;
}

/** Which clusters can be read, and since when others cannot. */
export class ClusterWatch {
  readonly #heard = new Map<string, Heard>();

  hear(view: ClusterView, nowMs: number): void {
    if (view.state === 'gone') {
      this.#heard.delete(view.cluster);
      return;
    }
    const before = this.#heard.get(view.cluster);
    const unknownSinceMs = view.state === 'unknown' ? (before?.unknownSinceMs ?? nowMs) : undefined;
    this.#heard.set(view.cluster, {
      view,
      heardMs: nowMs,
      ...(unknownSinceMs === undefined ? {} : { unknownSinceMs }),
    });
  }

  /** Nothing new is told of a cluster whose jobs cannot be seen. */
  isReachable(cluster: string): boolean {
    return this.#heard.get(cluster)?.view.state === 'reachable';
  }

  isKnown(cluster: string): boolean {
    return this.#heard.has(cluster);
  }

  /** Those that could not be read for long enough to say so. */
  lost(nowMs: number): readonly { readonly view: ClusterView; readonly sinceMs: number }[] {
    return [...this.#heard.values()].flatMap(({ view, unknownSinceMs }) =>
      unknownSinceMs !== undefined && nowMs - unknownSinceMs >= UNKNOWN_MS ? [{ view, sinceMs: unknownSinceMs }] : [],
    );
  }

  views(): readonly ClusterView[] {
    return [...this.#heard.values()].map(({ view }) => view);
  }
}
