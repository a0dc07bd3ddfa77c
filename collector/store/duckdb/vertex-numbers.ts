import type { VertexKey } from '../columns.js';
import type { JobSelector } from '../series-store.js';

/**
 * Numbers of vertices: rows carry a number instead of four names. A vertex has one number in all files, and each file that
 * uses it says which vertex it is.
 */
export class VertexNumbers {
  readonly #byVertexId = new Map<string, Numbered[]>();
  readonly #inFile = new Map<string, Set<number>>();
  #next = 1;

  /** Takes over what a file says. */
  load(file: string, entries: readonly (readonly [number, VertexKey])[]): void {
    this.#inFile.set(file, new Set(entries.map(([number]) => number)));
    for (const [number, key] of entries) if (this.#numbered(key) === undefined) this.#learn(key, number);
  }

  numberOf(key: VertexKey): number {
    const known = this.#numbered(key);
    if (known !== undefined) return known.number;
    const { cluster, jobName, jobId, vertexId } = key;
    const number = this.#next;
    this.#learn({ cluster, jobName, jobId, vertexId }, number);
    return number;
  }

  has(file: string, number: number): boolean {
    return this.#inFile.get(file)?.has(number) ?? false;
  }

  /** The file says it now, durably. */
  note(file: string, numbers: Iterable<number>): void {
    const known = this.#inFile.get(file) ?? new Set<number>();
    for (const number of numbers) known.add(number);
    this.#inFile.set(file, known);
  }

  forgetFile(file: string): void {
    this.#inFile.delete(file);
  }

  /** Numbers of a vertex of a job in all its lives that the selector means. */
  find(job: JobSelector, vertexId: string): readonly number[] {
    return (this.#byVertexId.get(vertexId) ?? []).flatMap(({ key, number }) =>
      key.cluster === job.cluster &&
      (job.jobName ?? key.jobName) === key.jobName &&
      (job.jobId ?? key.jobId) === key.jobId
        ? [number]
        : [],
    );
  }

  /** Forgets vertices that no file names any more. */
  prune(): void {
    const named = new Set([...this.#inFile.values()].flatMap((numbers) => [...numbers]));
    for (const [vertexId, list] of this.#byVertexId) {
      const kept = list.filter(({ number }) => named.has(number));
      if (kept.length === 0) this.#byVertexId.delete(vertexId);
      else this.#byVertexId.set(vertexId, kept);
    }
  }

  /** Compares names instead of making a text of them: this runs for every row. */
  #numbered({ cluster, jobName, jobId, vertexId }: VertexKey): Numbered | undefined {
    return this.#byVertexId
      .get(vertexId)
      ?.find(({ key }) => key.jobId === jobId && key.jobName === jobName && key.cluster === cluster);
  }

  #learn(key: VertexKey, number: number): void {
    const list = this.#byVertexId.get(key.vertexId);
    if (list === undefined) this.#byVertexId.set(key.vertexId, [{ key, number }]);
    else list.push({ key, number });
    this.#next = Math.max(this.#next, number + 1);
  }
}

interface Numbered {
  readonly key: VertexKey;
  readonly number: number;
}
