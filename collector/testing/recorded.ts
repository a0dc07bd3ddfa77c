import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Reading } from '../model/index.js';
import type { Transport } from '../flink/transport.js';
import { createBundleFile } from '../record/bundle-file.js';
import { readBundle, type BundlePart } from '../record/read-bundle.js';
import { createRecorder, type Recorder, type RecorderOptions } from '../record/recorder.js';

export const BEGIN_MS = Date.UTC(2026, 0, 5, 9);
const ROUND_MS = 10_000;

/** A reading of a text that Flink answered with. */
export const answered = (value: unknown, atMs = BEGIN_MS): Reading<string> => ({
  ok: true,
  value: typeof value === 'string' ? value : JSON.stringify(value),
  atMs,
});

/** One answer by its path. */
export type Answered = readonly [path: string, reading: Reading<string>];

/** Answers whatever is asked with the next of a list. */
function scripted(readings: readonly Reading<string>[]): Transport {
  const rest = [...readings];
  return {
    url: 'http://jm:8081',
    prefixBytes: 0,
    read: () => Promise.resolve(rest.shift() ?? answered({})),
    setPace: () => undefined,
    close: () => Promise.resolve(),
  };
}

/** A recorder over scripted answers that has been through these rounds; what it wrote, line by line. */
export async function recordRounds(
  rounds: readonly (readonly Answered[])[],
  options: Partial<RecorderOptions> = {},
): Promise<{ readonly recorder: Recorder; readonly appended: string[]; readonly kept: readonly boolean[] }> {
  const appended: string[] = [];
  const recorder = createRecorder({
    transport: scripted(rounds.flat().map(([, reading]) => reading)),
    sink: { append: (lines) => Promise.resolve(void appended.push(lines)) },
    weir: '1.2.3',
    cluster: 'prod-a',
    intervalMs: ROUND_MS,
    maxRequestsPerSecond: 20,
    ...options,
  });
  const kept: boolean[] = [];
  for (const [nth, answers] of rounds.entries()) {
    // The recorder does not look at the endpoint.
    for (const [path] of answers) await recorder.transport.read('/overview', path);
    const startMs = BEGIN_MS + nth * ROUND_MS;
    kept.push(await recorder.endRound({ startMs, endMs: startMs + 100, ok: true, flink: '1.20.3' }));
  }
  await recorder.end('complete');
  return { recorder, appended, kept };
}

export async function partsOf(path: string): Promise<readonly BundlePart[]> {
  const parts: BundlePart[] = [];
  for await (const part of readBundle(path)) parts.push(part);
  return parts;
}

/** A folder for bundles that is removed at the end. */
export function bundleFolder(): {
  /** Writes a bundle of these texts, one gzip member each. */
  write(name: string, texts: readonly string[]): Promise<string>;
  path(name: string): string;
  remove(): void;
} {
  const dir = mkdtempSync(join(tmpdir(), 'weir-bundle-'));
  return {
    async write(name, texts) {
      const path = join(dir, name);
      rmSync(path, { force: true });
      const file = await createBundleFile(path);
      for (const text of texts) await file.append(text);
      await file.close();
      return path;
    },
    path: (name) => join(dir, name),
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}
