import { beforeAll, describe, expect, it } from 'vitest';
import { renderRuleFile } from '../../alerts/prometheus/rule-file.js';
import { verdictRules } from '../../alerts/prometheus/verdict-rules.js';
import { replayFile } from '../../cli/replay-bundle.js';
import { ruleDocsPage } from '../../cli/rules-export.js';
import { RULES } from '../../rules/index.js';
import { HAS_PROMTOOL, seriesName, SKIPPED_WITHOUT, testRules, type Series } from '../support/promtool.js';

const rules = renderRuleFile(
  verdictRules(RULES, { language: 'en', pageOf: ruleDocsPage, publicUrl: 'https://weir.example' }),
  'Under test',
);
const STEP_SECONDS = 10;
/** Weir is there before and after the recording, and scraped. */
const CALM_STEPS = 30;
const constant = (series: string, value: number, steps: number): Series => ({
  series,
  values: Array.from({ length: steps }, () => value),
});

/** What Weir's /metrics says of the findings of a recording of a real cluster, round by round; nothing before and after it. */
async function findingsOf(bundle: string): Promise<{ series: Series[]; steps: number }> {
  const seen = new Map<string, (number | undefined)[]>();
  let rounds = 0;
  const result = await replayFile(
    `accuracy/bundles/${bundle}.weir.gz`,
    { rules: RULES, settings: {}, disabled: [] },
    {
      onRound(reports) {
        for (const { cluster, jobName, findings } of reports) {
          for (const { rule, severity, role, basis, state, subject } of findings) {
            if (state !== 'firing') continue;
            const labels = {
              cluster,
              job_name: jobName,
              rule,
              severity,
              role,
              basis,
              vertex: subject.vertexName ?? '',
            };
            const name = seriesName('weir_finding', labels);
            const values = seen.get(name) ?? Array.from({ length: CALM_STEPS + rounds }, () => undefined);
            values[CALM_STEPS + rounds] = 1;
            seen.set(name, values);
          }
        }
        rounds += 1;
      },
      onBug: (error) => {
        throw error;
      },
    },
  );
  if ('problem' in result) throw new Error(result.problem);
  return { series: [...seen].map(([series, values]) => ({ series, values })), steps: 2 * CALM_STEPS + rounds };
}

describe.skipIf(!HAS_PROMTOOL)(`alerts on what Weir says of recordings of real clusters (${SKIPPED_WITHOUT})`, () => {
  /** The last moment of the recording at which both a sample is read and the rules are evaluated. */
  const endOf = (steps: number): number => Math.floor(((steps - CALM_STEPS - 1) * STEP_SECONDS) / 30) * 30;
  let hotKey: Awaited<ReturnType<typeof findingsOf>>;
  let healthy: Awaited<ReturnType<typeof findingsOf>>;
  beforeAll(async () => {
    hotKey = await findingsOf('hot-key-1.20.3');
    healthy = await findingsOf('healthy-keyed-1.20.3');
  });
  const weirUp = (steps: number): Series => constant('weir_series', 12, steps + 60);

  it('a hot key: one alert and no other, with cause, action, link and runbook, gone when the finding is', () => {
    const { series, steps } = hotKey;
    expect(series.length).toBeGreaterThan(1);
    const atSeconds = endOf(steps);
    const alertname = 'WeirSkewHotKeyCritical';
    const labels = {
      cluster: '127.0.0.1-41673',
      job_name: 'hot-key',
      vertex: 'agg -> sink: Writer',
      severity: 'critical',
      rule: 'skew-hot-key',
    };
    const test = {
      name: 'hot key',
      stepSeconds: STEP_SECONDS,
      series: [...series, weirUp(steps)],
      firing: [
        { atSeconds, alerts: [{ alertname, ...labels }] },
        { atSeconds: atSeconds + 400, alerts: [] },
      ],
      says: {
        atSeconds,
        alertname,
        labels,
        annotations: {
          summary: 'hot-key on 127.0.0.1-41673: One key carries too much, at agg -> sink: Writer',
          description:
            'A keyed vertex in which one subtask gets far more records than the others, in the way one single key would cause.',
          action:
            "Salt the key, aggregate, aggregate again by the key; the number of salts follows the key's share. SQL group aggregates get the settings of two-phase aggregation instead. A null or default key belongs out of the stream before `keyBy`.",
          link: `https://weir.example/open?cluster=127.0.0.1-41673&job=hot-key&at=${atSeconds}000`,
          runbook_url: 'https://weir.example/rules/skew-hot-key',
        },
      },
    };
    expect(testRules(rules, [test])).toBe('');
  });

  it('critical that becomes a warning is no second alert, unless it stays one', () => {
    const labels = { cluster: 'a', job_name: 'orders', rule: 'tm-lost', role: 'root', basis: 'measured', vertex: '' };
    const of = (severity: string, from: number, to: number): Series => ({
      series: seriesName('weir_finding', { ...labels, severity }),
      values: Array.from({ length: 300 }, (_, i) => (i >= from && i < to ? 1 : undefined)),
    });
    const alert = { severity: 'warning', cluster: 'a', job_name: 'orders', rule: 'tm-lost' };
    const test = {
      name: 'better',
      stepSeconds: STEP_SECONDS,
      // Ten minutes critical, then a warning.
      series: [of('critical', 0, 60), of('warning', 60, 300), weirUp(300)],
      firing: [
        { atSeconds: 300, alerts: [{ ...alert, alertname: 'WeirTmLostCritical', severity: 'critical' }] },
        { atSeconds: 1200, alerts: [] },
        { atSeconds: 2100, alerts: [{ ...alert, alertname: 'WeirTmLost' }] },
      ],
    };
    expect(testRules(rules, [test])).toBe('');
  });

  it('a healthy job: none', () => {
    const { series, steps } = healthy;
    const firing = Array.from({ length: steps }, (_, i) => ({ atSeconds: i * STEP_SECONDS, alerts: [] }));
    const test = { name: 'healthy', stepSeconds: STEP_SECONDS, series: [...series, weirUp(steps)], firing };
    expect(testRules(rules, [test])).toBe('');
  });
});

describe.skipIf(!HAS_PROMTOOL)(`alerts on Weir itself (${SKIPPED_WITHOUT})`, () => {
  const STEPS = 121;
  const AT_SECONDS = 1200;
  const up = constant('weir_series', 3, STEPS);
  const reads = constant(seriesName('weir_cluster_up', { cluster: 'a' }), 1, STEPS);
  const job = { cluster: 'a', job_name: 'orders' };
  const runs = constant(seriesName('weir_job_state', { ...job, state: 'RUNNING' }), 1, STEPS);
  const growing = (series: string, step: number): Series => ({
    series,
    values: Array.from({ length: STEPS }, (_, i) => i * step),
  });
  const lag = (lateSeconds: number): Series[] =>
    [0.005, 0.02, 0.1, 0.5, 1, 2, 5, 10, 30, Infinity].map((le) =>
      growing(
        seriesName('weir_collect_lag_seconds_bucket', { cluster: 'a', le: le === Infinity ? '+Inf' : String(le) }),
        le >= lateSeconds ? 1 : 0,
      ),
    );
  const sent = (outcome: string, step: number): Series =>
    growing(seriesName('weir_notifications_total', { channel: 'chat', outcome }), step);
  const wrong: readonly [string, readonly Series[], Readonly<Record<string, string>>][] = [
    ['WeirDown', [], { severity: 'critical' }],
    [
      'WeirClusterUnknown',
      [up, constant(seriesName('weir_cluster_up', { cluster: 'a' }), 0, STEPS)],
      { severity: 'critical', cluster: 'a' },
    ],
    ['WeirLate', [up, ...lag(10)], { severity: 'warning', cluster: 'a' }],
    [
      'WeirJobDataOld',
      [up, reads, runs, constant(seriesName('weir_job_data_age_seconds', job), 400, STEPS)],
      { severity: 'warning', ...job },
    ],
    ['WeirStoreDropsSamples', [up, growing('weir_store_dropped_samples_total', 5)], { severity: 'warning' }],
    ['WeirStoreUnhealthy', [up, constant('weir_store_healthy', 0, STEPS)], { severity: 'warning' }],
    [
      'WeirMessagesNotSent',
      [up, sent('refused', 0.1), sent('sent', 1), sent('retried', 0)],
      { severity: 'warning', channel: 'chat' },
    ],
    [
      'WeirMessagesNotSent',
      [up, sent('refused', 0), sent('sent', 0), sent('retried', 0.1)],
      { severity: 'warning', channel: 'chat' },
    ],
    [
      'WeirRuleCrashed',
      [up, constant(seriesName('weir_rule_outcomes', { ...job, outcome: 'crashed', reason: '' }), 2, STEPS)],
      { severity: 'warning', ...job },
    ],
  ];

  it.each(wrong)('%s, and no other', (alertname, series, labels) => {
    const firing = [{ atSeconds: AT_SECONDS, alerts: [{ alertname, ...labels }] }];
    expect(testRules(rules, [{ name: alertname, stepSeconds: 10, series, firing }])).toBe('');
  });

  it('none while Weir is well', () => {
    const series = [
      up,
      reads,
      runs,
      ...lag(0.1),
      constant(seriesName('weir_job_data_age_seconds', job), 12, STEPS),
      constant('weir_store_dropped_samples_total', 7, STEPS),
      constant('weir_store_healthy', 1, STEPS),
      // Tried again now and then, and through in the end.
      sent('refused', 0),
      sent('retried', 0.1),
      sent('sent', 0.2),
      constant(seriesName('weir_rule_outcomes', { ...job, outcome: 'clear', reason: '' }), 100, STEPS),
    ];
    const firing = [{ atSeconds: AT_SECONDS, alerts: [] }];
    expect(testRules(rules, [{ name: 'well', stepSeconds: 10, series, firing }])).toBe('');
  });
});
