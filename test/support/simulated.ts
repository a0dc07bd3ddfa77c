import { analyzeJob, type JobReport } from '../../analyzer/engine/analyze.js';
import type { Lives } from '../../analyzer/engine/lifecycle.js';
import { createClusterCollector, createFlinkClientOver, type Clock } from '../../collector/index.js';
import { simTransport } from '../../cli/sim-transport.js';
import { RULES } from '../../rules/index.js';
import { ClusterSim } from '../../sim/model/cluster-sim.js';
import type { JobSpec } from '../../sim/model/spec.js';
import { createRouter } from '../../sim/rest/router.js';

const BEAT_MS = 10_000;
const BEGIN_MS = Date.UTC(2026, 0, 5, 9);

/** Lets simulated jobs run for a while, then watches them on a clock of its own; returns the last verdicts by job name. */
export async function watchSimulated(
  specs: readonly JobSpec[],
  { runMs = 1_200_000, watchMs = 300_000 }: { runMs?: number; watchMs?: number } = {},
): Promise<ReadonlyMap<string, JobReport>> {
  let nowMs = BEGIN_MS + runMs;
  const sim = new ClusterSim(specs, BEGIN_MS);
  const route = createRouter(sim);
  const clock: Clock = { nowMs: () => nowMs, sleep: () => Promise.resolve() };
  const transport = simTransport(
    (path) => {
      sim.advanceTo(nowMs);
      return route(path);
    },
    () => nowMs,
  );
  const collector = createClusterCollector({
    name: 'sim',
    client: createFlinkClientOver(transport),
    clock,
    simulated: true,
  });
  const lives = new Map<string, Lives>();
  const reports = new Map<string, JobReport>();
  for (const endMs = nowMs + watchMs; nowMs < endMs; nowMs += BEAT_MS) {
    await collector.readOnce();
    for (const history of collector.histories(nowMs)) {
      const options = { rules: RULES, settings: {}, disabled: [] };
      const { report, lives: after } = analyzeJob(history, lives.get(history.jobId) ?? new Map(), nowMs, options);
      lives.set(history.jobId, after);
      reports.set(history.jobName, report);
    }
  }
  return reports;
}

/** The firing measured roots of a job as `rule @ vertex [subtasks]`, the first to read first. */
export function rootsOf(report: JobReport | undefined): readonly string[] {
  return (report?.findings ?? [])
    .filter(({ state, role, basis }) => state === 'firing' && role === 'root' && basis === 'measured')
    .map(({ rule, subject }) =>
      [rule, subject.vertexName ?? subject.kind, ...(subject.subtasks?.map(String) ?? [])].join(' @ '),
    );
}
