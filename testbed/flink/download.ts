import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { publishDirectory, withLock } from '../lock.js';
import { testbedDir } from '../paths.js';
import { mustRun, run } from '../run.js';
import type { FlinkRelease } from '../versions.js';

/** Flink's jars, unpacked. The layout is the same for every version, whatever the package's was. */
export interface FlinkDist {
  release: FlinkRelease;
  lib: string;
  plugins: string;
  bashJavaUtils: string;
}

/** Flink's Java libraries are published on PyPI, which is reachable from more places than Flink's own download site. */
const PACKAGE = 'apache-flink-libraries';

/** The parts a cluster needs; licences, connectors for SQL clients and the like are dropped. */
const KEPT = ['lib', 'bin', join('plugins', 'metrics-prometheus')];

/** Downloads a release once; later calls, also from other processes, find it in the cache. */
export async function fetchFlink(release: FlinkRelease, say: (line: string) => void = () => {}): Promise<FlinkDist> {
  const home = join(testbedDir(), 'flink', release.version);
  if (!existsSync(home)) {
    await withLock(`${home}.lock`, async () => {
      if (!existsSync(home)) await download(release, home, say);
    });
  }
  return {
    release,
    lib: join(home, 'lib'),
    plugins: join(home, 'plugins'),
    bashJavaUtils: join(home, 'bin', 'bash-java-utils.jar'),
  };
}

async function download(release: FlinkRelease, home: string, say: (line: string) => void): Promise<void> {
  await requirePip();
  say(`downloading Flink ${release.version} (some 300 MB, once)`);
  const temporary = mkdtempSync(`${home}.tmp-`);
  try {
    const pip = ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-deps', '--no-cache-dir'];
    const wanted = `${PACKAGE}==${release.version}`;
    await mustRun('python3', [...pip, '--dest', temporary, wanted], `downloading ${wanted} with pip`);
    const archive = readdirSync(temporary).find((name) => /\.(whl|tar\.gz)$/.test(name));
    if (!archive) throw new Error(`pip downloaded no archive of ${wanted} into ${temporary}`);
    await unpack(join(temporary, archive), join(temporary, 'unpacked'));
    keepNeeded(findDeps(join(temporary, 'unpacked')), join(temporary, 'kept'));
    publishDirectory(join(temporary, 'kept'), home);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

async function requirePip(): Promise<void> {
  const pip = await run('python3', ['-m', 'pip', '--version']).catch(() => undefined);
  if (pip?.code === 0) return;
  throw new Error(
    `${pip ? 'pip' : 'python3'} is missing: Flink comes from PyPI. Install python3 with pip (Debian: apt install python3-pip).`,
  );
}

/** A wheel is a zip, a source package a tar; Python itself reads both. */
async function unpack(archive: string, into: string): Promise<void> {
  const module = archive.endsWith('.whl') ? 'zipfile' : 'tarfile';
  mkdirSync(into);
  await mustRun('python3', ['-m', module, '-e', archive, into], `unpacking ${archive}`);
}

/** `pyflink/` in a wheel, `apache-flink-libraries-1.20.3/deps/` in a source package. */
function findDeps(unpacked: string): string {
  const tops = readdirSync(unpacked).map((name) => join(unpacked, name));
  const candidates = tops.flatMap((top) => [top, join(top, 'deps')]);
  const found = candidates.find((dir) => existsSync(join(dir, 'bin', 'bash-java-utils.jar')));
  if (!found) throw new Error(`no bin/bash-java-utils.jar in ${unpacked}: the package's layout is new to the testbed`);
  return found;
}

function keepNeeded(deps: string, kept: string): void {
  for (const part of KEPT) {
    mkdirSync(join(kept, part, '..'), { recursive: true });
    cpSync(join(deps, part), join(kept, part), { recursive: true });
  }
}
