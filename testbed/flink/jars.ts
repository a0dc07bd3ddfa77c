import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Jdk } from '../java.js';
import { publishDirectory, withLock } from '../lock.js';
import { jobSourcesDir, testbedDir } from '../paths.js';
import { mustRun } from '../run.js';
import { classpath } from './classpath.js';
import type { FlinkDist } from './download.js';

export interface TestbedJars {
  /** The fault-injection jobs, to be uploaded. */
  jobs: string;
  /** Launcher and slow file system, on the class path of the cluster's processes. */
  runtime: string;
}

/** Compiles the Java sources against one Flink version, once per state of the sources. */
export async function buildJars(dist: FlinkDist, jdk: Jdk): Promise<TestbedJars> {
  const sources = jobSourcesDir();
  const home = join(testbedDir(), 'jars', `${dist.release.version}-${hashOf(sources)}`);
  if (!existsSync(home)) {
    await withLock(`${home}.lock`, async () => {
      if (!existsSync(home)) await compile(dist, jdk, sources, home);
    });
  }
  return { jobs: join(home, 'weir-testbed-jobs.jar'), runtime: join(home, 'weir-testbed-runtime.jar') };
}

async function compile(dist: FlinkDist, jdk: Jdk, sources: string, home: string): Promise<void> {
  const temporary = mkdtempSync(`${home}.tmp-`);
  const build = async (jar: string, javaDirs: string[], resourceDir?: string): Promise<void> => {
    const classes = join(temporary, 'classes', jar);
    mkdirSync(classes, { recursive: true });
    const files = javaDirs.flatMap((dir) => filesBelow(join(sources, dir)));
    const javac = ['--release', '11', '-nowarn', '-Xlint:none', '-cp', classpath(dist), '-d', classes, ...files];
    await mustRun(jdk.javac, javac, `compiling ${javaDirs.join(' and ')} against Flink ${dist.release.version}`);
    const resources = resourceDir ? ['-C', join(sources, resourceDir), '.'] : [];
    await mustRun(jdk.jar, ['cf', join(temporary, 'out', jar), '-C', classes, '.', ...resources], `packing ${jar}`);
  };
  try {
    mkdirSync(join(temporary, 'out'));
    await build('weir-testbed-jobs.jar', ['main/java', ...dist.release.javaApi.map((dir) => `${dir}/java`)]);
    await build('weir-testbed-runtime.jar', ['runtime/java'], 'runtime/resources');
    publishDirectory(join(temporary, 'out'), home);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

function hashOf(dir: string): string {
  const hash = createHash('sha256');
  for (const file of filesBelow(dir)) hash.update(file.slice(dir.length)).update('\0').update(readFileSync(file));
  return hash.digest('hex').slice(0, 16);
}

/** Sorted, so that the hash does not depend on the file system's order. */
function filesBelow(dir: string): string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
