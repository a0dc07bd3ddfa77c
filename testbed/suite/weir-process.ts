import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePorts } from '../flink/ports.js';
import { ManagedProcess } from '../managed-process.js';
import { repositoryRoot } from '../paths.js';
import { run, type Ran } from '../run.js';
import { waitFor } from '../wait.js';
import { WeirApi } from './weir-api.js';

const READY_TIMEOUT_MS = 60_000;

/** The program under test, compiled. */
export function weirProgram(): string {
  const program = join(repositoryRoot(), 'dist', 'main.js');
  if (!existsSync(program)) throw new Error(`${program} is missing: build the repository first (npm run build).`);
  return program;
}

export interface WeirService {
  api: WeirApi;
  process: ManagedProcess;
  stop: () => Promise<void>;
}

export interface WeirExtras {
  /** Of the processes of the cluster. */
  readonly reporters?: readonly string[];
  /** As under `alerts` in weir.yaml. */
  readonly alerts?: unknown;
}

/** Starts `weir serve` on one cluster. It runs in an empty directory, so that no weir.yaml is found by chance. */
export async function startWeir(flinkUrl: string, workDir: string, extras: WeirExtras = {}): Promise<WeirService> {
  const home = join(workDir, 'weir');
  mkdirSync(home, { recursive: true });
  const [port] = await freePorts(1);
  const listen = `127.0.0.1:${port}`;
  const isPlain = (extras.reporters ?? []).length === 0 && extras.alerts === undefined;
  const cluster = isPlain ? ['--flink', flinkUrl] : ['--config', configFile(home, flinkUrl, extras)];
  const args = [weirProgram(), 'serve', ...cluster, '--listen', listen, '--data', join(home, 'data')];
  const weir = new ManagedProcess('weir serve', join(workDir, 'log', 'weir.log'), process.execPath, args, {
    cwd: home,
  });
  const api = new WeirApi(`http://${listen}`);
  try {
    await waitFor(api.isReady, {
      what: `weir serve is ready at ${api.url} (log: ${weir.logFile})`,
      timeoutMs: READY_TIMEOUT_MS,
      stillPossible: () => weir.mustRun(),
    });
  } catch (error) {
    await weir.stop();
    throw error;
  }
  return { api, process: weir, stop: () => weir.stop() };
}

/** JSON is YAML. */
function configFile(home: string, url: string, { reporters = [], alerts }: WeirExtras): string {
  const file = join(home, 'testbed.yaml');
  const cluster = { name: 'testbed', url, ...(reporters.length === 0 ? {} : { reporters }) };
  writeFileSync(file, JSON.stringify({ clusters: [cluster], alerts }));
  return file;
}

/** Runs `weir record`, then `weir analyze` on what it wrote. */
export async function weirRecordAndAnalyze(flinkUrl: string, duration: string, bundle: string): Promise<Ran> {
  rmSync(bundle, { force: true });
  const recorded = await run(process.execPath, [weirProgram(), 'record', flinkUrl, '--for', duration, '--out', bundle]);
  if (recorded.code !== 0) throw new Error(`weir record ended with ${recorded.code}: ${recorded.stderr}`);
  return run(process.execPath, [weirProgram(), 'analyze', bundle, '--format', 'json']);
}

/** Runs `weir check` to its end. */
export function weirCheck(flinkUrl: string, duration: string): Promise<Ran> {
  return run(process.execPath, [weirProgram(), 'check', flinkUrl, '--for', duration, '--format', 'json']);
}
