import { JobSim, STEP_MS } from './job-sim.js';
import type { JobSpec } from './spec.js';

/** A simulated cluster: jobs on TaskManagers of their own, and one clock that only goes forward. */
export class ClusterSim {
  readonly jobs: readonly JobSim[];
  private timeMs: number;

  constructor(specs: readonly JobSpec[], startMs: number) {
    this.jobs = specs.map((spec) => new JobSim(spec, startMs));
    this.timeMs = startMs;
  }

  get nowMs(): number {
    return this.timeMs;
  }

  /** Lives through the time until `nowMs`. Earlier times change nothing. */
  advanceTo(nowMs: number): void {
    while (this.timeMs + STEP_MS <= nowMs) {
      this.timeMs += STEP_MS;
      for (const job of this.jobs) if ((this.timeMs - job.startMs) % job.stepMs === 0) job.step(this.timeMs);
    }
  }
}
