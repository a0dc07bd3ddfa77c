import { describe, expect, it } from 'vitest';
import { onlyWrites } from './sinks.js';

const named = (name: string, isSink = true): boolean =>
  onlyWrites({ topology: { isSink: () => isSink } as never, vertexName: () => name }, 'v');

describe('a vertex that only writes', () => {
  it.each([
    ['sink: Writer', true],
    ['orders: Writer -> orders: Committer', true],
    ['Sink: orders', true],
    ['ConstraintEnforcer[5] -> orders[5]: Writer', true],
    ['StreamRecordTimestampInserter[7] -> ConstraintEnforcer[7] -> Sink: orders[7]', true],
    ['enrich -> orders: Writer', false],
    ['agg', false],
    ['Sink materializer', false],
  ])('%s: %s', (name, writes) => {
    expect(named(name)).toBe(writes);
  });

  it('has nothing behind it', () => {
    expect(named('orders: Writer', false)).toBe(false);
  });
});
