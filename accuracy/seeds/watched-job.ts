import { setImmediate as nextTurn } from 'node:timers/promises';
import { analyzeJob, type AnalysisOptions, type JobReport } from '../../analyzer/engine/analyze.js';
import type { Lives } from '../../analyzer/engine/lifecycle.js';
import { simTransport } from '../../cli/sim-transport.js';
import {
  createClusterCollector,
  createFlinkClientOver,
  type Clock,
  type ClusterCollector,
} from '../../collector/index.js';
import { focusOnFindings } from '../../dashboard/server/watch/watch.js';
import { RULES } from '../../rules/index.js';
import { ClusterSim } from '../../sim/model/cluster-sim.js';
import type { JobSpec } from '../../sim/model/spec.js';
import { createRouter } from '../../sim/rest/router.js';
import type { Finding } from '../../testbed/suite/weir-api.js';

const BEGIN_MS = Date.UTC(2026, 0, 5);
const OPTIONS: AnalysisOptions = { rules: RULES, settings: {}, disabled: [] };

/** One simulated job read by the collector of the service and judged by its rules, on a clock that moves when told. */
export class WatchedJob {
  readonly #sim: ClusterSim;
  readonly #collector: ClusterCollector;
  #nowMs: number;
  #lives: Lives = new Map();

  constructor(spec: JobSpec, headStartMs: number, intervalMs: number) {
    this.#nowMs = BEGIN_MS + headStartMs;
    this.#sim = new ClusterSim([spec], BEGIN_MS);
    this.#sim.advanceTo(this.#nowMs);
    const clock: Clock = { nowMs: () => this.#nowMs, sleep: () => Promise.resolve() };
    const client = createFlinkClientOver(simTransport(createRouter(this.#sim), clock.nowMs));
    const onBug = (error: Error): void => {
      throw error;
    };
    this.#collector = createClusterCollector({ name: 'sim', client, clock, simulated: true, intervalMs, onBug });
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  get sim(): ClusterSim {
    return this.#sim;
  }

  /** Lives on and reads. */
  async read(beatMs: number): Promise<void> {
    this.#nowMs += beatMs;
    this.#sim.advanceTo(this.#nowMs);
    const { ok, failure } = await this.#collector.readOnce();
    if (!ok) throw new Error(`the simulated cluster could not be read: ${failure?.message ?? ''}`);
    // As in the service, where each answer takes a turn of the event loop: until one, no weak reference lets go, and a day
    // of readings is held.
    await nextTurn();
  }

  judge(): JobReport {
    const [history] = this.#collector.histories(this.#nowMs);
    if (history === undefined) throw new Error('the simulated job was not read');
    const { report, lives } = analyzeJob(history, this.#lives, this.#nowMs, OPTIONS);
    this.#lives = lives;
    focusOnFindings(this.#collector, report);
    return report;
  }

  stop(): Promise<void> {
    return this.#collector.stop();
  }
}

/** Findings as labels speak of them. */
export function judgedOf({ findings }: JobReport): readonly Finding[] {
  return findings.map(({ rule, severity, state, role, basis, subject }) => {
    const { kind, vertexName, subtasks } = subject;
    return {
      rule,
      severity,
      state,
      role,
      basis,
      subject: {
        kind,
        ...(vertexName === undefined ? {} : { vertexName }),
        ...(subtasks === undefined ? {} : { subtasks: [...subtasks] }),
      },
    };
  });
}
