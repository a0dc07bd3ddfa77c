import { describe, expect, it } from 'vitest';
import { asyncOperatorOf } from './async-operators.js';

describe('an operator with several calls in flight, by the name of its vertex', () => {
  it.each<[string, ReturnType<typeof asyncOperatorOf>]>([
    ['async wait operator', 'code'],
    ['map -> async wait operator -> Sink: out', 'code'],
    ['map -> (Sink: out: Writer, async wait operator)', 'code'],
    ['AsyncLookup', 'code'],
    ['Calc[3] -> AsyncCalc[4]', 'code'],
    ['LookupJoin(table=[c.d.t], joinType=[LeftOuterJoin], async=[true], lookup=[id=id]) -> Calc(select=[a])', 'lookup'],
    ['LookupJoin(table=[t], async=[UNORDERED, 180000ms, 100], lookup=[id=id])', 'lookup'],
    ['LookupJoin(table=[t], joinType=[InnerJoin], async=[false], lookup=[id=id])', undefined],
    ['LookupJoin[7] -> Calc[8]', undefined],
    ['Source: async_events[1] -> map', undefined],
    ['map -> async-out: Writer', undefined],
    ['Calc(select=[a, async_id], where=[async_id > 3])', undefined],
    ['lookup', undefined],
  ])('%s', (name, kind) => {
    expect(asyncOperatorOf(name)).toBe(kind);
  });
});
