import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { classpath, jvmOpens } from './flink/classpath.js';
import { fetchFlink } from './flink/download.js';
import { buildJars } from './flink/jars.js';
import { freePorts } from './flink/ports.js';
import { makeWorkDir, removeBulk, writeConfig } from './flink/workdir.js';
import { findJdk } from './java.js';
import { ManagedProcess } from './managed-process.js';
import { repositoryRoot } from './paths.js';
import type { FlinkRelease } from './versions.js';
import { waitFor } from './wait.js';

const HISTORY_SERVER = 'org.apache.flink.runtime.webmonitor.history.HistoryServer';
const START_TIMEOUT_MS = 60_000;

export interface HistoryServer {
  url: string;
  workDir: string;
  process: ManagedProcess;
  stop: () => Promise<void>;
}

/** Starts Flink's History Server on an archive with one failed job, and returns once it lists that job. */
export async function startHistoryServer(
  release: FlinkRelease,
  endedMs: number,
  say: (line: string) => void,
): Promise<HistoryServer> {
  const jdk = await findJdk();
  const dist = await fetchFlink(release, say);
  const jars = await buildJars(dist, jdk);
  const workDir = makeWorkDir(`${release.version}-history-server`);
  const jobId = writeArchive(join(workDir, 'archive'), endedMs);
  const [port] = await freePorts(1);
  const confDir = writeConfig(workDir, release, {
    'historyserver.web.address': '127.0.0.1',
    'historyserver.web.port': String(port),
    'historyserver.web.tmpdir': join(workDir, 'tmp', 'web'),
    'historyserver.archive.fs.dir': `file://${join(workDir, 'archive')}`,
    'historyserver.archive.fs.refresh-interval': '1000',
  });
  const logFile = join(workDir, 'log', 'history-server.log');
  const args = [
    '-Xmx256m',
    ...jvmOpens,
    `-Dlog.file=${logFile}`,
    `-Dlog4j.configurationFile=file:${join(confDir, 'log4j.properties')}`,
    '-cp',
    classpath(dist, jars.runtime),
    'weir.testbed.runtime.Launch',
    HISTORY_SERVER,
    '--configDir',
    confDir,
  ];
  const env = { ...process.env, FLINK_CONF_DIR: confDir, FLINK_PLUGINS_DIR: dist.plugins };
  const server = new ManagedProcess('history server', logFile, jdk.java, args, { env });
  const stop = async (): Promise<void> => {
    await server.stop();
    removeBulk(workDir);
  };
  const url = `http://127.0.0.1:${port}`;
  try {
    await waitFor(
      async () => ((await (await fetch(`${url}/jobs/overview`)).text()).includes(jobId) ? true : undefined),
      {
        what: `the History Server of Flink ${release.version} at ${url} lists its job (log: ${logFile})`,
        timeoutMs: START_TIMEOUT_MS,
        stillPossible: () => server.mustRun(),
      },
    );
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, workDir, process: server, stop };
}

/** Answers of a real job that failed, as a JobManager archives them: a file that is called by the job's id. */
function writeArchive(dir: string, endedMs: number): string {
  const answer = (name: string): Record<string, unknown> =>
    JSON.parse(
      readFileSync(join(repositoryRoot(), 'collector/flink/fixtures/1.20.3', `${name}.json`), 'utf8'),
    ) as Record<string, unknown>; // Recorded answers are objects.
  const job: Record<string, unknown> = { ...answer('job-crash-FAILED'), 'end-time': endedMs };
  const { jid, name, state } = job;
  if (typeof jid !== 'string') throw new Error('the recorded job has no id');
  const summary = { jid, name, state, 'start-time': job['start-time'], 'end-time': endedMs, duration: 1_000 };
  const tasks = { total: 2, failed: 2, created: 0, scheduled: 0, deploying: 0, running: 0, finished: 0 };
  const overview = {
    ...summary,
    'last-modification': endedMs,
    tasks: { ...tasks, canceling: 0, canceled: 0, reconciling: 0, initializing: 0 },
  };
  const paths: readonly (readonly [string, object])[] = [
    ['/jobs/overview', { jobs: [overview] }],
    [`/jobs/${jid}`, job],
    [`/jobs/${jid}/config`, { ...answer('job-config'), jid, name }],
    [`/jobs/${jid}/exceptions`, answer('exceptions-history')],
    [`/jobs/${jid}/checkpoints`, answer('checkpoints-FAILED')],
    // A batch job's archive holds an error here, which is served as an answer.
    [`/jobs/${jid}/checkpoints/config`, { errors: ['Checkpointing has not been enabled.'] }],
  ];
  mkdirSync(dir, { recursive: true });
  const archive = paths.map(([path, body]) => ({ path, json: JSON.stringify(body) }));
  writeFileSync(join(dir, jid), JSON.stringify({ archive }));
  return jid;
}
