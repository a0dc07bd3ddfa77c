import { analyzeJob } from '../analyzer/engine/analyze.js';
import type { JobHistory } from '../collector/model/index.js';
import { RULES } from '../rules/index.js';
import { DEMO_JOBS } from '../sim/demo/jobs.js';
import { measure, type Measured } from './measure.js';
import { simulatedCollector, wideJob } from './simulated-job.js';

/** Benchmarks by name. `npm run bench -- NAME` prints one JSON line; without a name the list. */
const BENCHMARKS: Readonly<Record<string, () => Promise<Measured>>> = {
  analyze: async () => {
    const { collector, beat, nowMs } = simulatedCollector([wideJob(6, 32)]);
    for (let i = 0; i < 60; i += 1) await beat();
    const [history] = collector.histories(nowMs());
    if (history === undefined) throw new Error('the simulated job is not there');
    // Readings become objects on first use, once a round; here they are the same for every run.
    touch(history);
    const options = { rules: RULES, settings: {}, disabled: [] };
    return measure('analyze', 'judge one job of 6 vertices × 32 subtasks, ten minutes of readings', 50, () => {
      analyzeJob(history, new Map(), nowMs(), options);
    });
  },
  round: async () => {
    const { beat } = simulatedCollector(DEMO_JOBS);
    return measure('round', 'read the six demo jobs once, without a wire', 50, beat);
  },
};

function touch(history: JobHistory): number {
  return history.vertices.reduce(
    (sum, vertex) => sum + vertex.subtasks.reduce((n, { samples }) => n + samples.length, 0),
    0,
  );
}

const [name] = process.argv.slice(2);
const benchmark = name === undefined ? undefined : BENCHMARKS[name];
if (benchmark === undefined) {
  process.stderr.write(`benchmarks: ${Object.keys(BENCHMARKS).join(', ')}\n`);
  process.exitCode = name === undefined ? 0 : 2;
} else {
  process.stdout.write(`${JSON.stringify(await benchmark())}\n`);
}
