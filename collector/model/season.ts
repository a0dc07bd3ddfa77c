/** What flowed through a vertex over the kept weeks, from five-minute means. Input, and of a source its output. */
export interface VertexSeason {
  readonly vertexId: string;
  /** From the first reading to the last one. */
  readonly spanMs: number;
  /** Hours of the week (of 168) in which there is any reading. */
  readonly knownHours: number;
  readonly recordsPerSecondMax: number;
  /** Records per second by hour of the week, Monday 00:00 UTC first, NaN where fewer than two weeks tell it; of sources only. */
  readonly usualPerSecond?: Float32Array;
}

/** By vertex id. */
export type JobSeasons = ReadonlyMap<string, VertexSeason>;
