import { describe, expect, it } from 'vitest';
import { judgeChain, type ChainTruth } from './judge.js';
import type { Heard } from './receiver.js';

const truth: ChainTruth = {
  operator: 'lookup',
  rule: 'bp-external-wait',
  verdictAlert: 'WeirBpExternalWait',
  reporterAlert: 'FlinkVertexAtItsLimit',
};
const times = { faultMs: 1_000_000, findingMs: 1_060_000 };
const heard = (over: Partial<Heard>): Heard => ({
  atMs: 1_100_000,
  via: 'alertmanager',
  isFiring: true,
  name: 'WeirBpExternalWait',
  vertex: 'lookup',
  summary: 'it waits',
  action: 'ask in batches',
  ...over,
});
const ended = (one: Heard): readonly Heard[] => [one, { ...one, isFiring: false, atMs: one.atMs + 600_000 }];
const weir = heard({});
const webhook = heard({ via: 'weir', name: 'bp-external-wait' });
const flink = heard({ name: 'FlinkVertexAtItsLimit', vertex: 'lookup____sink:_Writer', atMs: 1_400_000 });
const all = [weir, webhook, flink].flatMap(ended);

describe('what the receiver heard', () => {
  it('is told by each family once, with its delays', () => {
    const { told, problems } = judgeChain(all, truth, times);
    expect(problems).toEqual([]);
    expect(told.map((one) => [one.family, one.afterFaultSeconds, one.afterFindingSeconds])).toEqual([
      ['on verdicts', 100, 40],
      ["Weir's webhook", 100, 40],
      ['on Flink’s metrics', 400, undefined],
    ]);
    expect(told[0]?.resolvedAfterFaultSeconds).toBe(700);
  });

  it.each<[string, readonly Heard[], string]>([
    ['nothing of one family', [webhook, flink].flatMap(ended), 'on verdicts: WeirBpExternalWait did not come'],
    ['a second alert', [...all, heard({ name: 'WeirSrcLagGrowing', vertex: 'src' })], 'also WeirSrcLagGrowing at src'],
    [
      'the same alert again elsewhere',
      [...all, heard({ vertex: 'sink', atMs: 1_100_001 })],
      'also WeirBpExternalWait at sink',
    ],
    ['late after the finding', [{ ...weir, atMs: 1_151_000 }, webhook, flink].flatMap(ended), '91 s after the finding'],
    ['late after the fault', [weir, webhook, { ...flink, atMs: 1_601_000 }].flatMap(ended), '601 s after the fault'],
    ['before the fault', [{ ...weir, atMs: 999_000 }, webhook, flink].flatMap(ended), 'told before the fault'],
    ['the wrong vertex', [weir, webhook, { ...flink, vertex: 'Source:_src' }].flatMap(ended), 'at Source:_src'],
    ['no action', [{ ...weir, action: '' }, webhook, flink].flatMap(ended), 'without cause or action'],
    ['no end', [weir, ...[webhook, flink].flatMap(ended)], 'on verdicts: not taken back'],
  ])('%s is a problem', (_what, messages, problem) => {
    const { problems } = judgeChain(messages, truth, times);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
  });

  it('a finding that never fired is one', () => {
    expect(judgeChain(all, truth, { ...times, findingMs: undefined }).problems).toEqual([
      'bp-external-wait never fired',
    ]);
  });
});
