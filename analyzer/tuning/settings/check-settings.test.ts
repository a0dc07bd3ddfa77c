import { describe, expect, it } from 'vitest';
import { parseFlinkVersion } from '../../../collector/index.js';
import { checkSettings } from './check-settings.js';

const CHECKPOINTING = 'execution.checkpointing.';
const every = (interval: string, more: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> => ({
  [`${CHECKPOINTING}interval`]: interval,
  ...Object.fromEntries(Object.entries(more).map(([name, value]) => [CHECKPOINTING + name, value])),
});
const notesOf = (configuration: Readonly<Record<string, string>>, flink = '2.3.0') =>
  checkSettings(configuration, parseFlinkVersion(flink));

describe('what Flink refuses is critical, at the option that it is about', () => {
  it.each([
    [every('5 ms'), `${CHECKPOINTING}interval`, 'larger than or equal to 10 ms'],
    [every('ten'), `${CHECKPOINTING}interval`, 'text does not start with a number'],
    [every('10 s', { timeout: '1 ms' }), `${CHECKPOINTING}timeout`, 'Checkpoint timeout must be'],
    [every('10 s', { unaligned: 'maybe' }), `${CHECKPOINTING}unaligned`, 'Unrecognized option for boolean: maybe'],
    [
      every('10 s', { unaligned: 'true', 'max-concurrent-checkpoints': '2' }),
      `${CHECKPOINTING}max-concurrent-checkpoints`,
      "maxConcurrentCheckpoints can't be > 1",
    ],
    [
      { [`${CHECKPOINTING}interval-during-backlog`]: '1 min' },
      `${CHECKPOINTING}interval-during-backlog`,
      'during backlog must be larger',
    ],
    [{ 'restart-strategy': 'no-such' }, 'restart-strategy', 'no-such is an unknown value'],
    [
      { 'restart-strategy.type': 'exponential-delay', 'restart-strategy.exponential-delay.jitter-factor': '2' },
      'restart-strategy.exponential-delay.jitter-factor',
      'Jitter factor must be',
    ],
    [
      { 'restart-strategy.type': 'fixed-delay', 'restart-strategy.fixed-delay.attempts': 'many' },
      'restart-strategy.fixed-delay.attempts',
      'For input string: "many"',
    ],
  ])('%j', (configuration, key, words) => {
    const [note] = notesOf(configuration);
    expect(note).toMatchObject({ key, severity: 'critical' });
    expect(note?.message.en).toContain(words);
    expect(note?.message['zh-CN']).toContain(words);
  });
});

describe('what Flink silently takes otherwise than it reads', () => {
  it.each([
    [every('10 s', { 'min-pause': '1 min' }), 'min-pause', 'warning', 'every 60 s, not every 10 s'],
    [every('366 d', { 'min-pause': '366 d' }), 'min-pause', 'info', '365 days at most'],
    [every('10 s', { 'interval-during-backlog': '0' }), 'interval-during-backlog', 'warning', 'no checkpoints while'],
    [
      every('10 s', { 'min-pause': '1 min', 'interval-during-backlog': '30 s' }),
      'interval-during-backlog',
      'info',
      'but not this one',
    ],
    [
      every('10 s', { 'min-pause': '1 s', 'max-concurrent-checkpoints': '2' }),
      'max-concurrent-checkpoints',
      'info',
      'Stays 2',
    ],
    [every('10 s', { mode: 'AT_LEAST_ONCE', unaligned: 'true' }), 'unaligned', 'warning', 'stay aligned'],
    [
      every('10 s', { 'aligned-checkpoint-timeout': '5 s' }),
      'aligned-checkpoint-timeout',
      'warning',
      'never become unaligned',
    ],
    [every('60'), 'interval', 'warning', '60 ms'],
    [every('60000'), 'interval', 'info', '60 s'],
    [every('10 s', { unaligned: 'false', 'unaligned.enabled': 'true' }), 'unaligned', 'warning', 'is taken'],
  ] as const)('%j', (configuration, name, severity, words) => {
    const note = notesOf(configuration).find(({ message }) => message.en.includes(words));
    expect(note).toMatchObject({ key: CHECKPOINTING + name, severity });
  });

  it.each([
    [{ 'restart-strategy.fixed-delay.attempts': '7' }, 'restart-strategy.fixed-delay.attempts', 'choose none'],
    [
      { 'restart-strategy.type': 'none', 'restart-strategy.fixed-delay.attempts': '7' },
      'restart-strategy.fixed-delay.attempts',
      'the strategy is `none`',
    ],
    [{ 'restart-strategy': 'fixed-delay' }, 'restart-strategy', 'one attempt'],
    [{ 'restart-strategy.type': 'failure-rate' }, 'restart-strategy.type', 'one failure'],
    [
      { 'restart-strategy.type': 'fixed-delay', 'restart-strategy.fixed-delay.attempts': '0' },
      'restart-strategy.type',
      'first failure ends',
    ],
    [
      {
        'restart-strategy': 'none',
        'restart-strategy.type': 'fixed-delay',
        'restart-strategy.fixed-delay.attempts': '3',
      },
      'restart-strategy',
      'restart-strategy.type: fixed-delay',
    ],
  ] as const)('%j', (configuration, key, words) => {
    const [note, ...others] = notesOf(configuration);
    expect(note).toMatchObject({ key, severity: 'warning' });
    expect(note?.message.en).toContain(words);
    expect(others).toEqual([]);
  });

  it('a strategy under its newer name before 1.17', () => {
    const [note] = notesOf({ 'restart-strategy.type': 'none' }, '1.16.3');
    expect(note).toMatchObject({ key: 'restart-strategy.type', severity: 'warning' });
  });

  it('unaligned beside AT_LEAST_ONCE has its effect in 2.0 and 2.1', () => {
    const configuration = every('10 s', { mode: 'AT_LEAST_ONCE', unaligned: 'true' });
    expect(notesOf(configuration, '2.1.3')).toEqual([]);
    expect(notesOf(configuration, '1.20.3')).toHaveLength(1);
  });

  it('checkpoints of a batch job', () => {
    const configuration = { ...every('10 s'), 'execution.runtime-mode': 'BATCH' };
    expect(notesOf(configuration)).toMatchObject([{ key: `${CHECKPOINTING}interval`, severity: 'info' }]);
    expect(notesOf({ 'execution.runtime-mode': 'BATCH' })).toEqual([]);
  });
});

describe('what reads as it is taken has no note', () => {
  it.each([
    {},
    every('1 min', { 'min-pause': '30 s', timeout: '10 min', 'unaligned.enabled': 'true', 'aligned-checkpoint-timeout': '30 s' }), // prettier-ignore
    { 'restart-strategy.type': 'exponential-delay', 'restart-strategy.exponential-delay.max-backoff': '3 min' },
    { 'restart-strategy.type': 'fixed-delay', 'restart-strategy.fixed-delay.attempts': '10' },
  ])('%j', (configuration) => {
    expect(notesOf(configuration)).toEqual([]);
  });
});
