import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { freePorts } from './flink/ports.js';
import { startHistoryServer, type HistoryServer } from './history-server.js';
import { ManagedProcess } from './managed-process.js';
import { weirProgram } from './suite/weir-process.js';
import { findRelease } from './versions.js';
import { waitFor } from './wait.js';

/** Runs Flink's own History Server on an archive, Weir on that, and says whether Weir shows the job that has failed. */

const SHOWN_TIMEOUT_MS = 60_000;
const ENDED_AGO_MS = 3 * 3_600_000;

const jobs = z.object({
  jobs: z.array(z.object({ cluster: z.string(), jobId: z.string(), name: z.string(), state: z.string() })),
});
const exceptions = z.object({ groups: z.array(z.object({ title: z.string() })).min(1) });

async function shownBy(server: HistoryServer): Promise<string> {
  const home = join(server.workDir, 'weir');
  mkdirSync(home, { recursive: true });
  const [port] = await freePorts(1);
  const config = {
    server: { listen: `127.0.0.1:${port}` },
    store: { kind: 'memory' },
    clusters: [{ name: 'history', url: server.url, kind: 'history-server' }],
  };
  // JSON is YAML.
  writeFileSync(join(home, 'weir.yaml'), JSON.stringify(config));
  const logFile = join(server.workDir, 'log', 'weir.log');
  const weir = new ManagedProcess('weir serve', logFile, process.execPath, [weirProgram(), 'serve'], { cwd: home });
  const api = `http://127.0.0.1:${port}/api/v1`;
  const read = async (path: string): Promise<unknown> => (await fetch(api + path)).json();
  try {
    return await waitFor(
      async () => {
        const [job] = jobs.parse(await read('/jobs')).jobs;
        if (job?.state !== 'FAILED') return undefined;
        const { groups } = exceptions.parse(await read(`/jobs/history/${job.jobId}/exceptions`));
        return `${job.name} ${job.state}, because: ${groups.map(({ title }) => title).join('; ')}`;
      },
      {
        what: `Weir shows the failed job with its exceptions (logs: ${logFile}, ${server.process.logFile})`,
        timeoutMs: SHOWN_TIMEOUT_MS,
        stillPossible: () => weir.mustRun(),
      },
    );
  } finally {
    await weir.stop();
  }
}

const { values } = parseArgs({ options: { flink: { type: 'string', default: '1.20' } } });
const say = (line: string): void => void process.stdout.write(`${line}\n`);
for (const line of values.flink.split(',')) {
  const release = findRelease(line);
  const server = await startHistoryServer(release, Date.now() - ENDED_AGO_MS, say);
  try {
    say(`History Server of Flink ${release.version}: ${await shownBy(server)}`);
  } finally {
    await server.stop();
  }
}
