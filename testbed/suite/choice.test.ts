import { describe, expect, it } from 'vitest';
import { scenarios } from '../scenarios.js';
import { releases } from '../versions.js';
import { choose } from './choice.js';

const names = (wanted: Parameters<typeof choose>[0]): string[] =>
  choose(wanted).map((c) => `${c.release.line} ${c.scenario.id}`);

describe('choose', () => {
  it('has a fixed choice for the usual versions', () => {
    expect(names({ all: false })).toContain('1.20 hot-key');
    expect(names({ all: false })).toContain('2.3 slow-lookup');
  });

  it('takes every scenario whose rule is in the rule book on every usual version with all', () => {
    const ready = scenarios.filter(({ planned }) => planned === undefined);
    expect(ready.length).toBeLessThan(scenarios.length);
    expect(names({ all: true })).toHaveLength(
      2 * ready.length - ready.filter(({ untilLine }) => untilLine !== undefined).length,
    );
  });

  it('takes every release of the table with all versions', () => {
    expect(names({ all: false, allVersions: true })).toEqual(
      releases.flatMap(({ line }) => [`${line} slow-lookup`, `${line} restart-loop`]),
    );
  });

  it('takes a planned scenario when it is named', () => {
    const [planned] = scenarios.filter((scenario) => scenario.planned);
    expect(names({ all: false, flink: ['2.x'], scenarios: [planned?.id ?? ''] })).toEqual([`2.3 ${planned?.id}`]);
  });

  it('takes named scenarios on named versions', () => {
    expect(names({ all: false, flink: ['2.x'], scenarios: ['hot-key', 'diamond'] })).toEqual([
      '2.3 hot-key',
      '2.3 diamond',
    ]);
  });

  it('refuses what does not exist', () => {
    expect(() => choose({ all: false, scenarios: ['nope'] })).toThrow("no scenario 'nope'");
    expect(() => choose({ all: false, flink: ['0.9'] })).toThrow('0.9');
  });
});
