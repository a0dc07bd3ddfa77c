import { analyzeJob } from '../analyzer/engine/analyze.js';
import type { Lives } from '../analyzer/engine/lifecycle.js';
import { parseJson } from '../collector/flink/decode/body.decode.js';
import { decodeVertex } from '../collector/flink/decode/vertex.decode.js';
import { presentJobPage } from '../dashboard/server/present/job-page.js';
import { RULES } from '../rules/index.js';
import { DEMO_JOBS } from '../sim/demo/jobs.js';
import { analyzeFleet, analyzeLarge, analyzeOne } from './analyze.js';
import { bigHistory, bigJob, createBench } from './big-job.js';
import { measure, type Work } from './measure.js';
import { storeDay, storeQuery, storeWrite } from './store.js';

const PARALLELISM = 32;
const SAMPLES = 270;
const WIDE = 128;
const OPTIONS = { rules: RULES, settings: {}, disabled: [] };

/** Readings enough that the findings of the big job have opened. */
const LIVES_BEATS = 4;

const COLLECT =
  'watch mock JobManagers: --clusters --jobs --vertices --parallelism --checkpoint (ms) --hanging --garbage --seconds';

const BENCHES: Readonly<Record<string, { readonly what: string; readonly make: () => Work | Promise<Work> }>> = {
  analyze: { what: 'judge one job of 192 subtasks after a new reading', make: analyzeOne },
  'analyze-large': { what: 'judge one job of 1,000 vertices and 100,000 subtasks', make: analyzeLarge },
  'analyze-fleet': { what: 'judge 1,000 ordinary jobs (takes a minute to fill)', make: analyzeFleet },
  decode: { what: 'decode one vertex with all its subtasks', make: decode },
  round: { what: 'read the demo cluster once', make: round },
  'store-write': { what: 'append rows to the embedded store and write them', make: storeWrite },
  'store-day': { what: 'a day of a part of 100 000 series: bytes a sample (takes a minute)', make: storeDay },
  'store-query': {
    what: 'a week of 200 series from roll-ups and readings (takes two minutes to fill)',
    make: storeQuery,
  },
  'api-job': { what: 'make the JSON of a job page', make: apiJob },
};

function decode(): Work {
  const { sim, route } = createBench([bigJob(WIDE)]);
  const vertex = sim.jobs[0]?.vertices.at(-1);
  const { body } = route(`/jobs/${sim.jobs[0]?.jobId ?? ''}/vertices/${vertex?.vertexId ?? ''}`);
  const text = JSON.stringify(body);
  return {
    work: `parse and decode GET /jobs/:jobid/vertices/:vertexid of ${WIDE} subtasks, ${Math.round(text.length / 1024)} kB`,
    runs: 200,
    run: () => {
      const parsed = parseJson(text);
      const decoded = parsed.ok ? decodeVertex(parsed.value, 0) : parsed;
      if (!decoded.ok) throw new Error(decoded.problem);
    },
  };
}

function round(): Work {
  const bench = createBench(DEMO_JOBS);
  return {
    work: `one round over ${DEMO_JOBS.length} simulated jobs in this process, without the network`,
    runs: 100,
    prepare: () => bench.beat(),
    run: () => bench.collector.readOnce(),
  };
}

async function apiJob(): Promise<Work> {
  const { history, nowMs } = await bigHistory(PARALLELISM, SAMPLES);
  let lives: Lives = new Map();
  for (let beat = 0; beat < LIVES_BEATS; beat += 1) {
    const atMs = nowMs - (LIVES_BEATS - 1 - beat) * 15_000;
    lives = analyzeJob(
      { ...history, rounds: history.rounds.filter((one) => one.atMs <= atMs) },
      lives,
      atMs,
      OPTIONS,
    ).lives;
  }
  const { report } = analyzeJob(history, lives, nowMs, OPTIONS);
  const cluster = { name: 'bench', url: '', state: 'reachable' as const, requestsPerMinute: 0, simulated: true };
  const page = (): string => JSON.stringify(presentJobPage(report, cluster, 'en', nowMs, { lag: [], health: [] }));
  return {
    work: `JSON of a job page of 6 vertices × ${PARALLELISM} subtasks, ${Math.round(page().length / 1024)} kB`,
    runs: 100,
    run: page,
  };
}

/** Runs one benchmark and prints its line; without a name, or with one that is none, prints which there are. */
export async function runBench(name: string | undefined): Promise<void> {
  const bench = name === undefined ? undefined : BENCHES[name];
  if (name !== undefined && bench !== undefined) {
    process.stdout.write(`${JSON.stringify(await measure(name, await bench.make()))}\n`);
    return;
  }
  const list = [...Object.entries(BENCHES), ['collect', { what: COLLECT }] as const].map(
    ([each, { what }]) => `${each.padEnd(12)} ${what}`,
  );
  const lines = [...(name === undefined ? [] : [`weir: there is no benchmark "${name}"`]), ...list];
  (name === undefined ? process.stdout : process.stderr).write(`${lines.join('\n')}\n`);
  process.exitCode = name === undefined ? 0 : 2;
}
