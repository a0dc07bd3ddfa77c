import { describe, expect, it } from 'vitest';
import type { Finding, Recommendation } from '../dashboard/contract.js';
import { renderMarkdown } from './check-markdown.js';
import type { CheckReport } from './check-report.js';
import { renderText } from './check-text.js';
import { plain } from './check-words.js';

const finding = (own: Partial<Finding> = {}): Finding => ({
  id: 'f1',
  rule: 'skew-hot-key',
  category: 'skew',
  severity: 'critical',
  confidence: 0.85,
  state: 'firing',
  role: 'root',
  causedBy: [],
  rank: 1,
  basis: 'measured',
  cluster: 'c',
  jobId: 'j',
  jobName: 'orders',
  subject: { kind: 'vertex', vertexId: 'v', vertexName: 'enrich' },
  title: 'One key carries about 45 % of the records of enrich',
  summary: 'Subtask 3 gets 2.35× the average.',
  evidence: [],
  wouldChange: [],
  notSeen: [],
  firstSeenMs: 0,
  lastSeenMs: 0,
  docs: 'rules/skew-hot-key',
  simulated: false,
  ...own,
});

const advice = (own: Partial<Recommendation> = {}): Recommendation => ({
  id: 'r1',
  cluster: 'c',
  jobId: 'j',
  jobName: 'orders',
  findings: ['f1'],
  state: 'proposed',
  kind: 'parallelism',
  title: 'Run enrich with parallelism 6 instead of 4',
  changes: [{ scope: 'vertex', vertexId: 'v', vertexName: 'enrich', from: 4, to: 6, unit: 'subtasks' }],
  diffs: { 'config.yaml': '- a: 1\n+ a: 2' },
  expected: [{ metric: 'busyRatio', label: 'busy', from: 1, to: 0.7, low: 0.65, high: 0.75, unit: 'ratio' }],
  cost: { slots: 2, taskManagers: 0, memoryBytes: 0 },
  prerequisites: ['two free slots'],
  risk: { restart: 'job', stateLoss: false, note: 'The job restarts.' },
  verify: [],
  rejected: [{ alternative: 'more memory', why: 'it is not short' }],
  confidence: 0.7,
  sources: [],
  ...own,
});

type Job = CheckReport['jobs'][number];
const report = (own: Partial<Job> = {}): CheckReport => ({
  weir: '0.1.0',
  flinkVersion: '1.20.3',
  cluster: 'prod-a',
  jobs: [
    {
      jobId: 'j',
      name: 'orders',
      state: 'RUNNING',
      findings: [],
      recommendations: [],
      notEvaluated: [],
      clear: ['a', 'b'],
      ...own,
    },
  ],
});

describe('the answer at a terminal', () => {
  const cases: readonly {
    readonly name: string;
    readonly job: Partial<Job>;
    readonly says: readonly string[];
    readonly never?: readonly string[];
  }[] = [
    {
      name: 'a healthy job: nothing to change, and how many looked',
      job: {},
      says: [
        'prod-a · Flink 1.20.3 · Weir 0.1.0',
        'orders · RUNNING · j',
        '● nothing to change: 2 rules looked and found nothing',
      ],
    },
    {
      name: 'nothing could be evaluated: no verdict, never "nothing to change"',
      job: {
        clear: [],
        notEvaluated: [
          { rule: 'gc-pressure', reason: 'no reading yet' },
          { rule: 'ckpt-slow', reason: 'no checkpoint yet' },
        ],
      },
      says: ['no verdict: nothing could be evaluated', 'not evaluated: 2 rule(s)', 'no reading yet: gc-pressure'],
      never: ['nothing to change'],
    },
    {
      name: 'a job that has ended: that, and no list of all rules',
      job: { clear: [], notEvaluated: ['a', 'b'].map((rule) => ({ rule, reason: 'the job has ended' })) },
      says: ['no verdict: the job has ended'],
      never: ['nothing to change', 'not evaluated'],
    },
    {
      name: 'a cause: severity by shape and word, confidence, change, diff, effect with interval, risk, what not',
      job: { findings: [finding()], recommendations: [advice()] },
      says: [
        '▲ critical  One key carries',
        'skew-hot-key · 85 % sure',
        'do: Run enrich with parallelism 6 instead of 4',
        'enrich: 4 → 6',
        '- a: 1\n      + a: 2',
        'expected: busy 100 % → 70 % (65 % to 75 %)',
        'first: two free slots',
        'risk: The job restarts.',
        'not: more memory, because it is not short',
      ],
    },
    {
      name: 'symptoms are folded under their cause',
      job: {
        findings: [
          finding(),
          finding({ id: 'f2', role: 'symptom', causedBy: ['f1'], title: 'enrich is at its limit' }),
        ],
      },
      says: ['explains: enrich is at its limit'],
    },
    { name: 'a pending finding says so', job: { findings: [finding({ state: 'pending' })] }, says: ['provisional'] },
    {
      name: 'a resolved one, and notes on the configuration, are no causes',
      job: { findings: [finding({ state: 'resolved' }), finding({ basis: 'configuration' })] },
      says: ['nothing to change'],
      never: ['One key'],
    },
    {
      name: 'one reason that stops many rules is said once',
      job: { notEvaluated: ['a', 'b', 'c'].map((rule) => ({ rule, reason: 'no checkpoint yet' })) },
      says: ['not evaluated: 3 rule(s)', 'no checkpoint yet: a, b, c'],
    },
    {
      name: 'an option that is not set today',
      job: {
        findings: [finding()],
        recommendations: [advice({ changes: [{ scope: 'job', key: 'a.b', from: null, to: '30 s', unit: '' }] })],
      },
      says: ['a.b: not set → 30 s'],
    },
  ];
  for (const { name, job, says, never = [] } of cases) {
    it(name, () => {
      const text = renderText(report(job));
      for (const words of says) expect(text).toContain(words);
      for (const words of never) expect(text).not.toContain(words);
    });
  }

  it.each([
    [0.45, 'ratio', '45 %'],
    [0.004, 'ratio', '0.4 %'],
    [2.35, 'ratio', '2.35×'],
    [260 * 2 ** 20, 'bytes', '260 MiB'],
    [9.5 * 2 ** 20, 'bytes/s', '9.5 MiB/s'],
    [350, 'ms', '350 ms'],
    [14_700, 'ms', '14.7 s'],
    [240_000, 'ms', '4 min'],
    [82.71, 'records/s', '82.7 records/s'],
    [1415.78, 'records/s', '1.42k records/s'],
    [412, 's', '7 min'],
  ])('%d %s is shown as %s', (value, unit, shown) => {
    const evidence = [{ signal: 's', label: 'figure', value, unit, windowMs: 60_000 }];
    expect(renderText(report({ findings: [finding({ evidence })] }))).toContain(`figure: ${shown} over 60 s`);
  });

  it('shows the limit a figure was held against', () => {
    const evidence = [
      {
        signal: 's',
        label: 'busy',
        value: 1,
        unit: 'ratio',
        threshold: 0.8,
        comparison: '>=' as const,
        windowMs: 180_000,
      },
    ];
    expect(renderText(report({ findings: [finding({ evidence })] }))).toContain(
      'busy: 100 % (limit >= 80 %) over 3 min',
    );
  });

  it('says when an effect that takes its time will be there', () => {
    const effect = { metric: 'lagSeconds', label: 'lag', from: 150, to: 0, low: 0, high: 2, unit: 's' };
    const slow = advice({ expected: [{ ...effect, afterMs: 200_000, afterLowMs: 130_000, afterHighMs: 250_000 }] });
    const text = renderText(report({ findings: [finding()], recommendations: [slow] }));
    expect(text).toContain('expected: lag 3 min → 0 s (0 s to 2 s) after 2.1 to 4.2 min');
  });

  it('control characters of names become spaces', () => {
    expect(plain('a\u001b[31mb\u0007\r\nc\u009b')).toBe('a [31mb   c ');
  });
});

describe('the answer as Markdown', () => {
  it('has the cause, the change and its diff', () => {
    const markdown = renderMarkdown(report({ findings: [finding()], recommendations: [advice()] }));
    expect(markdown).toMatch(/^# prod-a\n\n## orders\n/);
    expect(markdown).toContain(
      '- **critical** One key carries about 45 % of the records of enrich (`skew-hot-key`, 85 % sure)',
    );
    expect(markdown).toContain('  - Do: Run enrich with parallelism 6 instead of 4');
    expect(markdown).toContain('    ```diff\n    - a: 1\n    + a: 2\n    ```');
  });

  it('of a healthy job says so', () => {
    expect(renderMarkdown(report())).toContain('nothing to change: 2 rules looked');
  });

  it('of a job that nobody could judge does not say that there is nothing to change', () => {
    const markdown = renderMarkdown(report({ clear: [], notEvaluated: [{ rule: 'a', reason: 'the job has ended' }] }));
    expect(markdown).toContain('State RUNNING. no verdict: the job has ended.');
    expect(markdown).not.toContain('nothing to change');
  });

  it('has the diff for a Flink that reads flink-conf.yaml', () => {
    const recommendations = [advice({ diffs: { 'flink-conf.yaml': '+ a: 2' } })];
    expect(renderMarkdown(report({ findings: [finding()], recommendations }))).toContain('    + a: 2');
  });
});
