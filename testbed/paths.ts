import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Everything the testbed downloads, builds and runs lives here, outside the repository. */
export function testbedDir(): string {
  return resolve(process.env['WEIR_TESTBED_DIR'] ?? join(homedir(), '.cache', 'weir-testbed'));
}

/** The repository's root, from the compiled file as well as from the source file. */
export function repositoryRoot(): string {
  for (let dir = dirname(fileURLToPath(import.meta.url)); dir !== dirname(dir); dir = dirname(dir)) {
    if (existsSync(join(dir, 'testbed', 'jobs', 'src'))) return dir;
  }
  throw new Error('testbed/jobs/src not found above this file: run the testbed from a checkout of the repository.');
}

export function jobSourcesDir(): string {
  return join(repositoryRoot(), 'testbed', 'jobs', 'src');
}
