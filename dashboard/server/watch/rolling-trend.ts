/** The last values of one figure at a fixed step, gaps kept as `null`. */
export class RollingTrend {
  private readonly values = new Map<number, number | null>();

  constructor(
    private readonly points: number,
    private readonly stepMs: number,
  ) {}

  /** The last value within a step stands for it; a step without a value is a gap. */
  add(atMs: number, value: number | undefined): void {
    const step = Math.floor(atMs / this.stepMs);
    if (value !== undefined || !this.values.has(step)) this.values.set(step, value ?? null);
    for (const old of this.values.keys()) if (old <= step - this.points) this.values.delete(old);
  }

  /** Oldest first, ending at `nowMs`; steps before the first value are left out. */
  at(nowMs: number): (number | null)[] {
    const last = Math.floor(nowMs / this.stepMs);
    const first = Math.min(...this.values.keys());
    if (!Number.isFinite(first)) return [];
    const from = Math.max(first, last - this.points + 1);
    return Array.from({ length: Math.max(0, last - from + 1) }, (_, i) => this.values.get(from + i) ?? null);
  }
}
