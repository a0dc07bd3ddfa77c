import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** A real server on this machine, its data in a directory of its own. */
export interface StoreServer {
  readonly url: string;
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Starts it again on the same data and port. */
  restart(): Promise<void>;
  /** Ends it and removes its data. */
  remove(): Promise<void>;
}

export const isInstalled = (program: string): boolean => {
  try {
    execFileSync('which', [program], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

export async function startInflux(): Promise<StoreServer> {
  const [http, rpc] = [await freePort(), await freePort()];
  return startServer('influxd', http, '/ping', (dir) => {
    const config = join(dir, 'influxdb.conf');
    writeFileSync(
      config,
      `reporting-disabled = true
bind-address = "127.0.0.1:${rpc}"
[meta]
dir = "${dir}/meta"
[data]
dir = "${dir}/data"
wal-dir = "${dir}/wal"
index-version = "tsi1"
query-log-enabled = false
[http]
bind-address = "127.0.0.1:${http}"
log-enabled = false
[monitor]
store-enabled = false
`,
    );
    return ['run', '-config', config];
  });
}

export async function startVictoria(): Promise<StoreServer> {
  const http = await freePort();
  return startServer('victoria-metrics', http, '/health', (dir) => [
    `-httpListenAddr=127.0.0.1:${http}`,
    `-storageDataPath=${join(dir, 'data')}`,
    '-retentionPeriod=12',
    '-loggerLevel=ERROR',
  ]);
}

/** How often the scraping servers of tests read their target. */
const SCRAPE_SECONDS = 1;

/** A server that scrapes `target` (`host:port`, path `/metrics`), its series labelled `namespace="prod"`. */
export async function startScraper(program: 'prometheus' | 'victoria-metrics', target: string): Promise<StoreServer> {
  const http = await freePort();
  const path = program === 'prometheus' ? '/-/ready' : '/health';
  return startServer(program, http, path, (dir) => {
    const config = join(dir, 'scrape.yml');
    writeFileSync(
      config,
      `global: { scrape_interval: ${SCRAPE_SECONDS}s, scrape_timeout: ${SCRAPE_SECONDS}s }
scrape_configs:
  - job_name: flink
    static_configs: [{ targets: ["${target}"], labels: { namespace: prod } }]
`,
    );
    return program === 'prometheus'
      ? [`--config.file=${config}`, `--storage.tsdb.path=${join(dir, 'data')}`, `--web.listen-address=127.0.0.1:${http}`]
      : [`-promscrape.config=${config}`, `-storageDataPath=${join(dir, 'data')}`, `-httpListenAddr=127.0.0.1:${http}`, '-loggerLevel=ERROR']; // prettier-ignore
  });
}

/** Long enough for a machine that is busy with other tests. */
const START_MS = 30_000;

async function startServer(
  program: string,
  port: number,
  path: string,
  argumentsIn: (dir: string) => readonly string[],
): Promise<StoreServer> {
  const dir = mkdtempSync(join(tmpdir(), `weir-${program}-`));
  const args = argumentsIn(dir);
  const url = `http://127.0.0.1:${port}`;
  let child: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    child = spawn(program, args, { stdio: 'ignore' });
    const untilMs = Date.now() + START_MS;
    while (!(await answers(`${url}${path}`))) {
      if (Date.now() > untilMs) throw new Error(`${program} did not start`);
      await pause(100);
    }
  };
  const stop = async (signal: NodeJS.Signals = 'SIGTERM'): Promise<void> => {
    const running = child;
    if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
    const ended = new Promise((resolve) => running.once('exit', resolve));
    running.kill(signal);
    await ended;
  };
  await start();
  return {
    url,
    stop,
    restart: start,
    remove: async () => {
      await stop('SIGKILL');
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

const answers = (url: string): Promise<boolean> =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
