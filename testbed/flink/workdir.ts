import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { testbedDir } from '../paths.js';
import type { FlinkRelease } from '../versions.js';
import { log4jProperties, renderConfig, type FlinkConfig } from './config.js';

/** Logs of that many clusters are kept for reading. */
const KEPT_WORK_DIRS = 40;
/** Not younger ones, which may belong to a running cluster. */
const OLD_MS = 3 * 3_600_000;

const BULK = ['tmp', 'checkpoints'];

export function makeWorkDir(label: string): string {
  const clusters = join(testbedDir(), 'clusters');
  mkdirSync(clusters, { recursive: true });
  pruneOld(clusters);
  const time = new Date().toISOString().replace(/[-:]/g, '').slice(0, 15);
  const workDir = join(clusters, `${time}-${label}-${process.pid}-${Math.random().toString(36).slice(2, 6)}`);
  for (const part of ['conf', 'log', ...BULK]) mkdirSync(join(workDir, part), { recursive: true });
  return workDir;
}

export function writeConfig(workDir: string, release: FlinkRelease, config: FlinkConfig): string {
  const conf = join(workDir, 'conf');
  writeFileSync(join(conf, release.configFile), renderConfig(config, release.configFile));
  writeFileSync(join(conf, 'log4j.properties'), log4jProperties);
  return conf;
}

/** Deletes checkpoints and temporary files; configuration and logs stay. */
export function removeBulk(workDir: string): void {
  for (const part of BULK) rmSync(join(workDir, part), { recursive: true, force: true });
}

function pruneOld(clusters: string): void {
  const byAge = readdirSync(clusters)
    .map((name) => ({ path: join(clusters, name), mtimeMs: statSync(join(clusters, name)).mtimeMs }))
    .sort((a, b) => b.mtimeMs - a.mtimeMs);
  for (const { path, mtimeMs } of byAge.slice(KEPT_WORK_DIRS)) {
    if (Date.now() - mtimeMs > OLD_MS) rmSync(path, { recursive: true, force: true });
  }
}
