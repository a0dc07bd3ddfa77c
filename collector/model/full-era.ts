/** What a vertex served at one parallelism while all its subtasks were full. */
export interface FullEra {
  readonly parallelism: number;
  readonly perSecond: number;
  /** When it was last seen so. */
  readonly atMs: number;
}

/** By vertex id: one for each parallelism, the smallest first. */
export type JobEras = ReadonlyMap<string, readonly FullEra[]>;
