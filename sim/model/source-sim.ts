import type { SourceSpec } from './spec.js';
import type { VertexState } from './vertex-sim.js';

const DAY_MS = 86_400_000;
/** A rate that wavers does so this often. */
const JITTER_MS = 10_000;

/** What the outside has for a source, step by step. */
export class SourceSim {
  private waver = 1;
  private waverUntilMs = 0;
  private sharesOf: readonly number[] | undefined;
  private shares: readonly number[] = [];

  constructor(
    readonly vertex: VertexState,
    private readonly noise: () => number,
  ) {}

  arrive(nowMs: number, stepMs: number): void {
    const { source } = this.vertex.spec;
    if (source === undefined) return;
    const records = (source.recordsPerSecond * this.factorAt(source, nowMs) * stepMs) / 1000;
    this.hand(source, records);
  }

  /** Deals records out to the readers by their partitions. */
  hand(source: SourceSpec, records: number): void {
    const { subtasks } = this.vertex;
    if (source.partitions === undefined) {
      for (const subtask of subtasks) subtask.pending += records / subtasks.length;
      return;
    }
    if (this.sharesOf !== source.partitions) {
      this.sharesOf = source.partitions;
      this.shares = readerShares(source.partitions, subtasks.length);
    }
    subtasks.forEach((subtask, reader) => (subtask.pending += records * (this.shares[reader] ?? 0)));
  }

  private factorAt({ dailySwing, jitter = 0, bursts }: SourceSpec, nowMs: number): number {
    if (jitter > 0 && nowMs >= this.waverUntilMs) {
      this.waver = 1 + jitter * (2 * this.noise() - 1);
      this.waverUntilMs = nowMs + JITTER_MS;
    }
    const wave = 1 + dailySwing * Math.sin((2 * Math.PI * (nowMs % DAY_MS)) / DAY_MS);
    const isBurst = bursts !== undefined && nowMs % bursts.everyMs < bursts.lengthMs;
    return wave * this.waver * (isBurst ? bursts.factor : 1);
  }
}

/** Share of all records that each reader finds in its partitions. */
export function readerShares(partitions: readonly number[], readers: number): readonly number[] {
  const all = partitions.reduce((sum, rate) => sum + rate, 0);
  const shares = new Array<number>(readers).fill(0);
  partitions.forEach((rate, i) => (shares[i % readers] = (shares[i % readers] ?? 0) + (all === 0 ? 0 : rate / all)));
  return shares;
}
