import type { Cluster } from '../cluster.js';
import { faultBeginsAfterS, scheduleActions, startScenarioCluster, submissionOf, waitUntilRunning } from '../play.js';
import type { Choice } from './choice.js';
import { describeFinding, namesExpected, wrongFindings } from './judge.js';
import { parseCheckReport, type Finding } from './weir-api.js';
import { startWeir, weirCheck } from './weir-process.js';
import { watchForRoot, watchForSilence, type Watched } from './watch.js';

export interface Outcome {
  scenario: string;
  flink: string;
  passed: boolean;
  expected: string;
  found?: string;
  vertex?: string;
  subtasks?: readonly number[];
  seconds?: number;
  /** Why it failed. */
  reasons: string[];
  /** Where configuration and logs are. */
  workDir?: string;
}

export interface RunOptions {
  healthyMs: number;
  check: boolean;
  say: (line: string) => void;
}

const DETECTION_LIMIT_MS = 4 * 60_000;

/** Plays one scenario on a cluster of its own and watches what Weir makes of it. Never throws. */
export async function runScenario(choice: Choice, options: RunOptions): Promise<Outcome> {
  const { scenario, release } = choice;
  const head = { scenario: scenario.id, flink: release.version, expected: scenario.expect.rule ?? 'nothing' };
  let cluster: Cluster | undefined;
  try {
    cluster = await startScenarioCluster(scenario, { release, say: options.say });
    const { workDir } = cluster;
    return { ...head, workDir, ...(await playAndWatch(cluster, choice, options)) };
  } catch (error) {
    const at = cluster ? { workDir: cluster.workDir } : {};
    return { ...head, ...at, passed: false, reasons: [error instanceof Error ? error.message : String(error)] };
  } finally {
    await cluster?.stop();
  }
}

type Judged = Omit<Outcome, 'scenario' | 'flink' | 'expected'>;

async function playAndWatch(cluster: Cluster, choice: Choice, options: RunOptions): Promise<Judged> {
  const { scenario } = choice;
  const weir = await startWeir(cluster.restUrl, cluster.workDir);
  let disarm = (): void => {};
  try {
    const jobId = await cluster.submitJob(submissionOf(scenario));
    await waitUntilRunning(scenario, cluster, jobId);
    const sinceMs = Date.now() + faultBeginsAfterS(scenario) * 1000;
    disarm = scheduleActions(scenario, cluster, options.say);
    const mustRun = (): void => {
      cluster.mustRun();
      weir.process.mustRun();
    };
    const watch = { api: weir.api, expect: scenario.expect, sinceMs, mustRun };
    const watched =
      scenario.expect.rule === undefined
        ? await watchForSilence({ ...watch, limitMs: options.healthyMs })
        : await watchForRoot({ ...watch, limitMs: DETECTION_LIMIT_MS });
    const fromCheck = options.check ? await checkOnce(cluster.restUrl, choice, watched.found) : [];
    return judged(watched, fromCheck);
  } finally {
    disarm();
    await weir.stop();
  }
}

export function judged(watched: Watched, fromCheck: readonly string[]): Judged {
  const reasons = [
    ...watched.wrong.map((w) => `wrong: ${w}`),
    ...watched.missing.map((m) => `missing: ${m}`),
    ...fromCheck,
  ];
  const { found, seconds } = watched;
  return {
    passed: reasons.length === 0,
    reasons,
    ...(found ? { found: found.rule } : {}),
    ...(found?.subject.vertexName === undefined ? {} : { vertex: found.subject.vertexName }),
    ...(found?.subject.subtasks === undefined ? {} : { subtasks: found.subject.subtasks }),
    ...(seconds === undefined ? {} : { seconds }),
  };
}

/** Long enough for a verdict to open, short enough that a backlog is still there. */
const CHECK_FOR = '100s';

/** The one-shot command on the same, still running job must agree with the service. */
async function checkOnce(restUrl: string, choice: Choice, found: Finding | undefined): Promise<string[]> {
  const ran = await weirCheck(restUrl, CHECK_FOR);
  return judgeCheck(ran.code, ran.stdout, choice.scenario.expect, found);
}

export function judgeCheck(
  code: number,
  stdout: string,
  expect: Choice['scenario']['expect'],
  found: Finding | undefined,
): string[] {
  const wantedCode = found !== undefined && found.severity !== 'info' ? 1 : 0;
  const wrongCode = code === wantedCode ? [] : [`check: exit code ${code} instead of ${wantedCode}`];
  let findings: Finding[];
  try {
    findings = parseCheckReport(stdout);
  } catch (error) {
    return [...wrongCode, `check: no readable report: ${String(error).slice(0, 300)}`];
  }
  const wrong = wrongFindings(findings, expect).map((f) => `check: wrong: ${describeFinding(f)}`);
  const missing =
    expect.rule !== undefined && !namesExpected(findings, expect) ? [`check: missing: ${expect.rule}`] : [];
  return [...wrongCode, ...wrong, ...missing];
}
