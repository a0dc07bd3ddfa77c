import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Writes texts by name into a directory, which is made if it is not there; returns their paths.
 *
 * @throws what the file system says
 */
export function writeFiles(dir: string, texts: Readonly<Record<string, string>>): readonly string[] {
  mkdirSync(dir, { recursive: true });
  return Object.entries(texts).map(([name, text]) => {
    const path = join(dir, name);
    writeFileSync(path, text);
    return path;
  });
}
