import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const COUNT = fileURLToPath(new URL('../.ci/count', import.meta.url));

function count(printed: string, code: number): string {
  const dir = mkdtempSync(join(tmpdir(), 'weir-ci-'));
  try {
    const log = join(dir, 'log');
    writeFileSync(log, printed);
    return execFileSync('bash', [COUNT, log, String(code)], { encoding: 'utf8' }).trim();
  } finally {
    rmSync(dir, { recursive: true });
  }
}

describe('what .ci/run counts of a part, passed and failed', () => {
  it.each([
    ['the suite on real Flink', '4 passed, 0 failed\n', 0, '4 0'],
    ['vitest', ' Test Files  155 passed (155)\n      Tests  3818 passed (3818)\n', 0, '3818 0'],
    ['vitest with a failure', '      Tests  1 failed | 3818 passed (3819)\n', 1, '3818 1'],
    ['a skipped test has failed', '      Tests  9 passed | 1 skipped (10)\n', 0, '9 1'],
    ['a part without a summary is one test', 'told: rescale\n', 0, '1 0'],
    ['also when it fails', 'Error: boom\n', 1, '0 1'],
    ['a part that fails after its tests passed', '      Tests  9 passed (9)\n', 2, '9 1'],
    ['words are no summary', 'failure  Lookup of customer 11421 failed: no such record\n', 0, '1 0'],
    ['nor beside one', '3 passed, 0 failed\nLookup of customer 11421 failed\n7 failed: x\n', 0, '3 0'],
  ])('%s', (_what, printed, code, said) => {
    expect(count(printed, code)).toBe(said);
  });
});
