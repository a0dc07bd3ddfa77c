import { describe, expect, it } from 'vitest';
import { historyOf, type ExceptionSpec } from '../testing/job-builder.js';
import { only } from '../testing/must.js';
import { HEALTHY } from '../testing/scenarios.js';
import * as trace from '../testing/traces.js';
import { exceptionsOf, kindOf, maskMessage, rootCauseOf, type ExceptionSignal } from './exceptions.js';

const signal = (exceptions: readonly ExceptionSpec[]): ExceptionSignal =>
  exceptionsOf(historyOf({ ...HEALTHY, exceptions }));

describe('rootCauseOf', () => {
  const wrapped = [
    'org.apache.flink.runtime.JobException: Recovery is suppressed by NoRestartBackoffTimeStrategy',
    '\tat org.apache.flink.runtime.executiongraph.failover.ExecutionFailureHandler.handleFailure(ExecutionFailureHandler.java:180)',
    'Caused by: java.lang.RuntimeException: could not process 17',
    '\tat com.acme.Outer.run(Outer.java:5)',
    'Caused by: java.lang.NumberFormatException: For input string: "x1"',
    '\tat java.base/java.lang.NumberFormatException.forInputString(NumberFormatException.java:67)',
    '\tat com.acme.Inner.parse(Inner.java:12)',
    '\t... 12 more',
  ].join('\n');

  it('walks down to the deepest cause and its own first user frame', () => {
    expect(rootCauseOf(wrapped, 'JobException')).toEqual({
      exceptionClass: 'java.lang.NumberFormatException',
      message: 'For input string: "x1"',
      userFrame: 'com.acme.Inner.parse',
    });
  });

  it('does not end at a wrapper', () => {
    const end =
      'java.lang.IllegalStateException: broken\n\tat com.acme.Map.map(Map.java:1)\nCaused by: java.util.concurrent.ExecutionException: x';
    expect(rootCauseOf(end, '')).toMatchObject({
      exceptionClass: 'java.lang.IllegalStateException',
      message: 'broken',
    });
  });

  it('takes what there is when all are wrappers', () => {
    expect(rootCauseOf('org.apache.flink.util.FlinkException: the job was told to stop', '').message).toBe(
      'the job was told to stop',
    );
  });

  it('knows an exception without a message', () => {
    expect(rootCauseOf('java.lang.NullPointerException\n\tat com.acme.Map.map(Map.java:1)', '')).toEqual({
      exceptionClass: 'java.lang.NullPointerException',
      message: '',
      userFrame: 'com.acme.Map.map',
    });
  });
});

describe('maskMessage', () => {
  const table: readonly (readonly [string, string])[] = [
    ['injected failure 13 at record -4711.5', 'injected failure # at record #'],
    ['Connection to 10.0.0.7:41731 refused', 'Connection to # refused'],
    ['job 3b6a9f0c51d94f5e8a7c2b1d0e9f8a7b failed', 'job # failed'],
    ['cannot write /data/out/part-0-17', 'cannot write #'],
    ['no digits', 'no digits'],
  ];
  it.each(table)('%s', (message, masked) => {
    expect(maskMessage(message)).toBe(masked);
  });
});

describe('kindOf', () => {
  const table: readonly (readonly [string, string, ReturnType<typeof kindOf>])[] = [
    ['a broken connection', trace.REMOTE_TRANSPORT, 'taskmanager-lost'],
    ['an unreachable process', trace.UNREACHABLE, 'taskmanager-lost'],
    ['a heartbeat that ran out', trace.HEARTBEAT, 'taskmanager-lost'],
    ['no slots', trace.NO_RESOURCE, 'no-resource'],
    ['failing checkpoints', trace.TOLERANCE, 'checkpoint-tolerance'],
    ['memory', trace.DIRECT_MEMORY, 'out-of-memory'],
    ['user code', trace.userFailure(1), 'user'],
  ];
  it.each(table)('%s', (_claim, text, kind) => {
    expect(kindOf(text)).toBe(kind);
  });
});

describe('groups', () => {
  it('are one for failures that differ in digits only (L42)', () => {
    const group = only(
      signal(Array.from({ length: 13 }, (_, i) => ({ at: 20 * i, trace: trace.userFailure(i) }))).groups,
    );
    expect(group).toMatchObject({ count: 13, kind: 'user' });
    expect(group.lastSeenMs - group.firstSeenMs).toBe(240_000);
  });

  it('tell apart what fails at different places of user code', () => {
    const at = (method: string): string => `java.lang.IllegalStateException: no\n\tat com.acme.${method}(X.java:1)`;
    expect(
      signal([
        { at: 1, trace: at('A.map') },
        { at: 2, trace: at('B.map') },
      ]).groups,
    ).toHaveLength(2);
  });

  it('come with the most frequent first', () => {
    const { groups } = signal([
      { at: 1, trace: 'a.B: x' },
      { at: 2, trace: 'c.D: y' },
      { at: 3, trace: 'c.D: y' },
    ]);
    expect(groups.map(({ cause, count }) => [cause.exceptionClass, count])).toEqual([
      ['c.D', 2],
      ['a.B', 1],
    ]);
  });
});

describe('incidents', () => {
  const table: readonly (readonly [string, readonly ExceptionSpec[], readonly (readonly [string, number])[]])[] = [
    [
      'one kill is one, however many failures follow (L44)',
      [trace.REMOTE_TRANSPORT, trace.UNREACHABLE, trace.UNREACHABLE, trace.NO_RESOURCE, trace.NO_RESOURCE].map(
        (text, i) => ({ at: 100 + 12 * i, trace: text }),
      ),
      [['taskmanager-lost', 5]],
    ],
    [
      'the next loss after two minutes is another',
      [
        { at: 0, trace: trace.HEARTBEAT },
        { at: 121, trace: trace.HEARTBEAT },
      ],
      [
        ['taskmanager-lost', 1],
        ['taskmanager-lost', 1],
      ],
    ],
    [
      'a user failure after a loss is its own',
      [
        { at: 0, trace: trace.HEARTBEAT },
        { at: 30, trace: trace.userFailure(1) },
      ],
      [
        ['taskmanager-lost', 1],
        ['user', 1],
      ],
    ],
    ['no slots without a loss is its own', [{ at: 0, trace: trace.NO_RESOURCE }], [['no-resource', 1]]],
    [
      'each fall of a loop is one (L42)',
      [0, 20, 40].map((at) => ({ at, trace: trace.userFailure(at) })),
      [
        ['user', 1],
        ['user', 1],
        ['user', 1],
      ],
    ],
    [
      'failures of other tasks at the same time belong to the first',
      [
        { at: 10, trace: trace.userFailure(1) },
        { at: 11, trace: trace.userFailure(2), concurrent: true },
      ],
      [['user', 2]],
    ],
  ];
  it.each(table)('%s', (_claim, exceptions, incidents) => {
    expect(signal(exceptions).incidents.map(({ kind, failures }) => [kind, failures])).toEqual(incidents);
  });

  it('are in order of time whatever the order of the list', () => {
    const { incidents } = signal([
      { at: 60, trace: trace.userFailure(2) },
      { at: 20, trace: 'a.B: x' },
    ]);
    expect(incidents.map(({ atMs }) => atMs)).toEqual([...incidents.map(({ atMs }) => atMs)].sort((a, b) => a - b));
  });
});
