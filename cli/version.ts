import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The package's folder, from the built file `dist/cli/version.js` or the source beside it. */
export const PACKAGE_DIR =
  [new URL('../../', import.meta.url), new URL('../', import.meta.url)]
    .map((url) => fileURLToPath(url))
    .find((dir) => hasPackage(dir)) ?? process.cwd();

export const VERSION = packageVersion();

function hasPackage(dir: string): boolean {
  try {
    readFileSync(`${dir}/package.json`);
    return true;
  } catch {
    return false;
  }
}

function packageVersion(): string {
  const parsed: unknown = JSON.parse(readFileSync(`${PACKAGE_DIR}/package.json`, 'utf8'));
  return typeof parsed === 'object' && parsed !== null && 'version' in parsed ? String(parsed.version) : 'unknown';
}
