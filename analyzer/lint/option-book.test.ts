import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseFlinkVersion } from '../../collector/index.js';
import { REMOVED_OPTIONS } from '../tuning/removed-options.js';
import { optionBook, type KeyStatus } from './option-book.js';

interface Attributes {
  readonly type?: string | null;
  readonly deprecatedKeys?: readonly string[] | null;
  readonly fallbackKeys?: readonly string[] | null;
}
interface Truth {
  readonly versions: readonly string[];
  readonly options: Readonly<
    Record<
      string,
      Attributes & { readonly in: readonly string[]; readonly by?: Readonly<Record<string, Attributes | null>> }
    >
  >;
}
// The file is ours (fixtures/README.md): its shape is known.
const truth = JSON.parse(readFileSync(new URL('../fixtures/config-options.json', import.meta.url), 'utf8')) as Truth;
const entries = Object.entries(truth.options).filter(([key]) => !key.includes('<'));
const statusAt = (version: string, key: string): KeyStatus => optionBook(parseFlinkVersion(version)).statusOf(key);

/** Keys of a version, and the names of old that it still reads. */
function namesAt(version: string): { readonly keys: Set<string>; readonly aliases: Set<string> } {
  const keys = new Set<string>();
  const aliases = new Set<string>();
  for (const [key, { in: versions, by, ...last }] of entries) {
    if (!versions.includes(version)) continue;
    const own = { ...last, ...by?.[version] };
    keys.add(key);
    for (const name of [...(own.deprecatedKeys ?? []), ...(own.fallbackKeys ?? [])]) aliases.add(name);
  }
  return { keys, aliases };
}

describe.each(truth.versions)('the options of Flink %s', (version) => {
  const { keys, aliases } = namesAt(version);
  const earlier = truth.versions.slice(0, truth.versions.indexOf(version)).map(namesAt);
  const wrong = (names: Iterable<string>, allowed: readonly KeyStatus['is'][]): readonly string[] =>
    [...names].flatMap((name) => {
      const { is } = statusAt(version, name);
      return allowed.includes(is) ? [] : [`${name}: ${is}`];
    });

  it('every declared key is read, under this name or a newer one', () => {
    expect(wrong(keys, ['read', 'old-name'])).toEqual([]);
    expect(keys.size).toBeGreaterThan(650);
  });
  it('every name of old that is still read is known as such', () => {
    expect(wrong(aliases, ['read', 'old-name'])).toEqual([]);
  });
  it('what an earlier version read and this one does not is removed', () => {
    const gone = new Set(
      earlier
        .flatMap((names) => [...names.keys, ...names.aliases])
        .filter((name) => !keys.has(name) && !aliases.has(name)),
    );
    // An entry of a map that came later is read as part of it.
    expect(wrong(gone, ['removed', 'map-entry'])).toEqual([]);
  });
  it('what comes later is not unknown', () => {
    const all = new Set(entries.map(([key]) => key).filter((key) => !keys.has(key) && !aliases.has(key)));
    expect(wrong(all, ['removed', 'later', 'map-entry'])).toEqual([]);
  });
  it('the list of removed options agrees', () => {
    const { major, minor } = parseFlinkVersion(version);
    const listed = REMOVED_OPTIONS.filter(
      ({ key, since }) => !key.endsWith('.') && (since[0] < major || (since[0] === major && since[1] <= minor)),
    );
    expect(
      wrong(
        listed.map(({ key }) => key),
        ['removed'],
      ),
    ).toEqual([]);
  });
});

describe('one key', () => {
  const table: readonly (readonly [version: string, key: string, status: object])[] = [
    ['1.20', 'execution.checkpointing.intervall', { is: 'unknown', near: 'execution.checkpointing.interval' }],
    ['1.20', 'my.own.key', { is: 'unknown' }],
    ['2.0', 'akka.framesize', { is: 'old-name', option: { key: 'pekko.framesize' } }],
    ['2.0', 'taskmanager.heap.size', { is: 'removed', instead: 'taskmanager.memory.process.size' }],
    ['2.0', 'mesos.master', { is: 'removed' }],
    ['1.13', 'restart-strategy.type', { is: 'later', since: '1.17' }],
    ['1.15', 'restart-strategy', { is: 'read' }],
    ['1.18', 'restart-strategy', { is: 'old-name', option: { key: 'restart-strategy.type' } }],
    ['1.19', 'pekko.ask.timeout', { is: 'read' }],
    ['1.19', 'akka.ask.timeout', { is: 'old-name' }],
    ['2.4', 'restart-strategy.type', { is: 'read' }],
    ['1.20', 'metrics.reporter.prom.factory.class', { is: 'family' }],
    ['1.13', 'metrics.reporter.prom.class', { is: 'read' }],
    ['1.20', 's3.access-key', { is: 'family', prefix: 's3.' }],
    ['1.20', 'kubernetes.operator.savepoint.history.max.age', { is: 'family' }],
    ['1.20', 'job.autoscaler.enabled', { is: 'family' }],
    ['1.20', 'table.exec.no-such', { is: 'family' }],
    ['1.20', 'env.java.opts.all', { is: 'read' }],
    [
      '1.20',
      'kubernetes.taskmanager.labels.team',
      { is: 'map-entry', option: { key: 'kubernetes.taskmanager.labels' } },
    ],
  ];
  it.each(table)('%s %s', (version, key, status) => {
    expect(statusAt(version, key)).toMatchObject(status);
  });
});
