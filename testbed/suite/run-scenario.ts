import { join } from 'node:path';
import type { Cluster } from '../cluster.js';
import { faultBeginsAfterS, scheduleActions, startScenarioCluster, submissionOf, waitUntilRunning } from '../play.js';
import type { Choice } from './choice.js';
import { countersThatDiffer } from './counters.js';
import { describeFinding, namesExpected, wrongFindings } from './judge.js';
import { parseCheckReport, type CheckReport, type Finding } from './weir-api.js';
import { createTurns } from './turns.js';
import { notFromReporters, unexplained } from './requests.js';
import { startWeir, weirCheck, weirRecordAndAnalyze, type WeirService } from './weir-process.js';
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
  /** What the one-shot check proposed on the same job, with the places of its diffs. */
  advice?: readonly string[];
  /** Why it failed. */
  reasons: string[];
  /** Where configuration and logs are. */
  workDir?: string;
}

export interface RunOptions {
  healthyMs: number;
  check: boolean;
  /** Judge Weir's own requests as well: none may fail without a known reason. */
  everyRequest: boolean;
  /** Weir reads the clusters' Prometheus reporters beside REST, and must do without what REST then need not be asked. */
  reporters: boolean;
  /** Folder in which the job is recorded as well. */
  bundles?: string;
  say: (line: string) => void;
}

/** The default of the command, begun like the watch when all tasks run: as one who comes to a job just started. */
const LOOK_SECONDS = 180;
/** The service is given a minute more than the commands: it began to look earlier. */
const DETECTION_AFTER_LOOK_SECONDS = 60;
/** Three readings in a row. */
const SURE_AFTER_SECONDS = 45;

/** Plays one scenario on a cluster of its own and watches what Weir makes of it. Never throws. */
export async function runScenario(choice: Choice, options: RunOptions): Promise<Outcome> {
  const { scenario, release } = choice;
  const head = { scenario: scenario.id, flink: release.version, expected: scenario.expect.rule ?? 'nothing' };
  let stage: Stage | undefined;
  try {
    stage = await setStage(choice, options);
    const { workDir } = stage.cluster;
    return { ...head, workDir, ...(await playAndWatch(stage, choice, options)) };
  } catch (error) {
    const at = stage ? { workDir: stage.cluster.workDir } : {};
    return { ...head, ...at, passed: false, reasons: [error instanceof Error ? error.message : String(error)] };
  } finally {
    await stage?.cluster.stop();
  }
}

type Judged = Omit<Outcome, 'scenario' | 'flink' | 'expected'>;

interface Stage {
  cluster: Cluster;
  weir: WeirService;
  jobId: string;
}

const oneAtATime = createTurns();

/** A cluster with Weir on it and the job's tasks running. Starting takes both cores: one at a time, and the others in peace. */
function setStage(choice: Choice, { say, reporters }: RunOptions): Promise<Stage> {
  return oneAtATime(async () => {
    const { scenario, release } = choice;
    const cluster = await startScenarioCluster(scenario, { release, prometheus: reporters, say });
    let weir: WeirService | undefined;
    try {
      weir = await startWeir(cluster.restUrl, cluster.workDir, { reporters: reporterUrls(cluster) });
      const jobId = await cluster.submitJob(submissionOf(scenario));
      await waitUntilRunning(scenario, cluster, jobId);
      return { cluster, weir, jobId };
    } catch (error) {
      await weir?.stop();
      await cluster.stop();
      throw error;
    }
  });
}

function reporterUrls(cluster: Cluster): readonly string[] {
  const ofTaskManagers = cluster.taskManagers().map(({ prometheusUrl }) => prometheusUrl);
  return [cluster.jobManagerPrometheusUrl, ...ofTaskManagers].filter((url) => url !== undefined);
}

async function playAndWatch({ cluster, weir, jobId }: Stage, choice: Choice, options: RunOptions): Promise<Judged> {
  const { scenario } = choice;
  let disarm = (): void => {};
  try {
    const sinceMs = Date.now() + faultBeginsAfterS(scenario) * 1000;
    disarm = scheduleActions(scenario, { cluster, jobId }, options.say);
    const mustRun = (): void => {
      cluster.mustRun();
      weir.process.mustRun();
    };
    const lookSeconds = scenario.lookSeconds ?? LOOK_SECONDS;
    const look = `${lookSeconds}s`;
    const watch = { api: weir.api, expect: scenario.expect, sinceMs, mustRun };
    const [watched, checked, analyzed] = await Promise.all([
      scenario.expect.rule === undefined
        ? watchForSilence({ ...watch, limitMs: options.healthyMs })
        : watchForRoot({ ...watch, limitMs: (lookSeconds + DETECTION_AFTER_LOOK_SECONDS) * 1000 }),
      options.check ? weirCheck(cluster.restUrl, look) : undefined,
      options.bundles === undefined
        ? undefined
        : weirRecordAndAnalyze(cluster.restUrl, look, bundleFile(options.bundles, choice)),
    ]);
    const seen = {
      expect: scenario.expect,
      lookSeconds,
      seconds: watched.seconds,
      takesOverrides: takesOverrides(choice.release.version),
    };
    const requests = await weir.api.requests();
    const failed = [
      ...(options.everyRequest ? unexplained(requests) : []),
      ...(options.everyRequest && hasCounters(choice.release.version) ? await differingCounters(cluster, jobId) : []),
      ...(options.reporters ? notFromReporters(requests) : []),
    ];
    const ofBundle = analyzed && judgeCheck('analyze', analyzed.code, analyzed.stdout, seen, watched.found).problems;
    if (ofBundle !== undefined) failed.push(...ofBundle);
    if (checked === undefined) return judged(watched, failed);
    const { problems, advice } = judgeCheck('check', checked.code, checked.stdout, seen, watched.found);
    return { ...judged(watched, [...failed, ...problems]), advice };
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

const bundleFile = (dir: string, { scenario, release }: Choice): string =>
  join(dir, `${scenario.id}-${release.version}.weir.gz`);

/** The accumulated times came with 1.16. */
const hasCounters = (version: string): boolean => isFrom(version, 16);

/** Whether a release is 1.`minor` or a later one. */
function isFrom(version: string, wantedMinor: number): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 1 || minor >= wantedMinor;
}

async function differingCounters({ rest }: Cluster, jobId: string): Promise<readonly string[]> {
  const { vertices } = await rest.job(jobId);
  const all = await Promise.all(
    vertices.map(({ id }) => countersThatDiffer(`${rest.url}/jobs/${jobId}/vertices/${id}`)),
  );
  return all.flat();
}

/** What a command looked for, how long it looked, and when the service had found it. */
interface Look {
  readonly expect: Choice['scenario']['expect'];
  readonly lookSeconds?: number;
  readonly seconds?: number | undefined;
  /** Missing: yes. */
  readonly takesOverrides?: boolean;
}

/** `pipeline.jobvertex-parallelism-overrides` came with 1.17: before, a parallelism is in the code, and no diff can set it. */
const takesOverrides = (version: string): boolean => isFrom(version, 17);

/** What a command said of the same job must agree with the service. */
export function judgeCheck(
  command: 'check' | 'analyze',
  code: number,
  stdout: string,
  { expect, lookSeconds = LOOK_SECONDS, seconds = 0, takesOverrides: hasDiffs = true }: Look,
  found: Finding | undefined,
): { problems: string[]; advice: readonly string[] } {
  const wantedCode = found !== undefined && found.severity !== 'info' && expect.cured !== true ? 1 : 0;
  // A fault that shows late in a look is named by it, but not seen often enough yet to count; one that shows later, not at all.
  const isSure = seconds <= lookSeconds - SURE_AFTER_SECONDS;
  const wrongCode = code === wantedCode || !isSure ? [] : [`${command}: exit code ${code} instead of ${wantedCode}`];
  let report: CheckReport;
  try {
    report = parseCheckReport(stdout);
  } catch (error) {
    return { problems: [...wrongCode, `${command}: no readable report: ${String(error).slice(0, 300)}`], advice: [] };
  }
  const { findings, advice } = report;
  const wrong = wrongFindings(findings, expect).map((f) => `${command}: wrong: ${describeFinding(f)}`);
  const missing =
    expect.rule !== undefined && expect.cured !== true && seconds <= lookSeconds && !namesExpected(findings, expect)
      ? [`${command}: missing: ${expect.rule}`]
      : [];
  const noDiff =
    hasDiffs && isSure && expect.parallelismHelps === true && !advice.some((one) => !one.endsWith('(no diff)'))
      ? [`${command}: no diff to apply`]
      : [];
  return { problems: [...wrongCode, ...wrong, ...missing, ...noDiff], advice };
}
