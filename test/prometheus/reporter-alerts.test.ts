import { describe, expect, it } from 'vitest';
import { LABEL_SCHEMES, type ReporterLabels } from '../../alerts/prometheus/reporter/labels.js';
import { reporterRules } from '../../alerts/prometheus/reporter/reporter-rules.js';
import { renderRuleFile } from '../../alerts/prometheus/rule-file.js';
import { HAS_PROMTOOL, SKIPPED_WITHOUT, testRules } from '../support/promtool.js';
import { cutOff, playedOn, recordedReporters, type RecordedReporters } from './recorded-reporters.js';

type Labels = Readonly<Record<string, string>>;

const rulesFor = (labels: ReporterLabels): string =>
  renderRuleFile(reporterRules({ language: 'en', labels }), 'Under test');
const rules = rulesFor(LABEL_SCHEMES.plain);
/** Each of these faults is there from the start of the recording. */
const TOLD_WITHIN_SECONDS = 600;
const HEALTHY_SECONDS = 900;

/** What promtool has against "exactly these alerts fire then". */
function alertsAt(recorded: RecordedReporters, atSeconds: number, alerts: readonly Labels[], file = rules): string {
  const { series, stepSeconds } = playedOn(recorded, atSeconds);
  return testRules(file, [{ name: 'recording', stepSeconds, series, firing: [{ atSeconds, alerts }] }]);
}

const warning = (alertname: string, rule: string, job: string, more: Labels = {}): Labels => ({
  alertname,
  severity: 'warning',
  rule,
  job_name: job,
  ...more,
});
const critical = (alertname: string, rule: string, job: string): Labels => ({
  ...warning(alertname, rule, job),
  severity: 'critical',
});
const atLimit = (job: string, task_name: string) =>
  warning('FlinkVertexAtItsLimit', 'bp-bottleneck', job, { task_name });
const overloaded = (job: string, task_name: string) =>
  warning('FlinkSubtaskOverloaded', 'skew-hot-key', job, { task_name });

const FAULTS: readonly [bundle: string, alert: Labels][] = [
  ...['1.17.2', '1.20.3', '2.3.0'].flatMap((flink): [string, Labels][] => [
    [`slow-lookup-${flink}`, atLimit('slow_lookup', 'lookup')],
    [`slow-sink-${flink}`, atLimit('slow_sink', 'sink:_Writer')],
    [`hot-key-${flink}`, overloaded('hot_key', 'agg____sink:_Writer')],
    [`key-groups-${flink}`, overloaded('key_groups', 'agg____sink:_Writer')],
    [`heavy-partition-${flink}`, overloaded('heavy_partition', 'work')],
    [`restart-loop-${flink}`, critical('FlinkRestartLoop', 'restart-loop', 'restart_loop')],
    [`too-few-slots-${flink}`, critical('FlinkJobWithoutTasks', 'slots-unavailable', 'too_few_slots')],
    [`slow-storage-${flink}`, warning('FlinkCheckpointsWithoutPause', 'ckpt-interval-too-short', 'slow_storage')],
  ]),
  ...['1.17.2', '1.20.3', '2.3.0'].map((flink): [string, Labels] => [
    `uneven-assignment-${flink}`,
    overloaded('uneven_assignment', 'work'),
  ]),
  ['hot-key-cap-1.20.3', overloaded('hot_key_cap', 'agg____sink:_Writer')],
  ['diamond-1.20.3', atLimit('diamond', 'slow')],
  ['fan-out-1.20.3', atLimit('fan_out', 'agg')],
  ['join-both-1.20.3', atLimit('join_both', 'join____sink:_Writer')],
  ['hidden-bottleneck-1.20.3', atLimit('hidden_bottleneck', 'parse')],
  ['lookup-few-groups-1.20.3', atLimit('lookup_few_groups', 'lookup')],
  ['async-capacity-1.20.3', atLimit('async_capacity', 'asyncLookup____sink:_Writer')],
  ['non-parallel-1.20.3', atLimit('non_parallel', 'wall____sink:_Writer')],
  ['legacy-source-1.20.3', atLimit('legacy_source', 'work____sink:_Writer')],
  ['unaligned-barriers-1.20.3', atLimit('unaligned_barriers', 'sink:_Writer')],
  ['barriers-queue-1.20.3', atLimit('barriers_queue', 'sink:_Writer')],
  ['chained-source-1.20.3', atLimit('chained_source', 'Source:_src____work____sink:_Writer')],
  [
    'dear-subtask-1.20.3',
    warning('FlinkSubtaskSlow', 'noisy-tm', 'dear_subtask', { task_name: 'agg____sink:_Writer' }),
  ],
  ['fetch-bound-1.20.3', warning('FlinkLagGrows', 'src-lag-growing', 'fetch_bound')],
  ['gc-pressure-1.20.3', warning('FlinkGarbageCollection', 'gc-pressure', 'gc_pressure', { tm_id: 'tm_1' })],
  ['leak-1.20.3', warning('FlinkHeapFills', 'gc-leak', 'leak', { tm_id: 'tm_1' })],
  [
    'hurried-checkpoints-1.20.3',
    warning('FlinkCheckpointsWithoutPause', 'ckpt-interval-too-short', 'hurried_checkpoints'),
  ],
  ['expiring-checkpoints-1.20.3', critical('FlinkCheckpointsFail', 'ckpt-failing', 'expiring_checkpoints')],
  ...['silent-partition', 'idle-readers'].map((scenario): [string, Labels] => [
    `${scenario}-1.20.3`,
    warning('FlinkWatermarkHeldBack', 'wm-idle-partition', scenario.replace('-', '_'), { task_name: 'Source:_src' }),
  ]),
];

const HEALTHY = [
  'healthy-keyed-1.17.2',
  'healthy-keyed-1.20.3',
  'healthy-keyed-2.3.0',
  'healthy-async-1.17.2',
  'healthy-async-1.20.3',
  'healthy-async-2.3.0',
  'healthy-busy-1.20.3',
  'healthy-even-1.20.3',
  'healthy-idle-1.20.3',
  'healthy-skew-1.20.3',
  'healthy-after-failure-1.20.3',
  'state-with-ttl-1.20.3',
  'planned-redeploy-1.20.3',
  'rescaled-in-place-1.20.3',
  'over-provisioned-1.20.3',
  'chaining-off-1.20.3',
  'late-records-1.20.3',
  // One TaskManager is killed, and another comes within a minute.
  'killed-taskmanager-1.20.3',
];

describe.skipIf(!HAS_PROMTOOL)(`recordings of real clusters with a fault (${SKIPPED_WITHOUT})`, () => {
  it.each(FAULTS)('%s: one alert of the right class at the right place, within ten minutes', async (bundle, alert) => {
    expect(alertsAt(await recordedReporters(bundle), TOLD_WITHIN_SECONDS, [alert])).toBe('');
  });

  it('two-pipelines-1.20.3: one alert for the slow end of each', async () => {
    const ends = [atLimit('two_pipelines', 'quick:_Writer'), atLimit('two_pipelines', 'slow:_Writer')];
    expect(alertsAt(await recordedReporters('two-pipelines-1.20.3'), TOLD_WITHIN_SECONDS, ends)).toBe('');
  });

  it('a killed TaskManager that nobody replaces', async () => {
    const lost = cutOff(await recordedReporters('killed-taskmanager-1.20.3'), 11);
    const { series, stepSeconds } = playedOn(lost, 300, 3);
    const alert = { alertname: 'FlinkTaskManagerLost', severity: 'critical', rule: 'tm-lost' };
    const firing = [{ atSeconds: 300, alerts: [alert] }];
    expect(testRules(rules, [{ name: 'lost', stepSeconds, series, firing }])).toBe('');
  });

  it('a job that is gone', async () => {
    const recorded = playedOn(await recordedReporters('healthy-keyed-1.20.3'), 1200);
    const ended = { ...recorded, series: recorded.series.map((one) => ({ ...one, values: one.values.slice(0, 100) })) };
    const firing = [{ atSeconds: 1500, alerts: [warning('FlinkJobGone', 'job-not-running', 'healthy_keyed')] }];
    expect(testRules(rules, [{ name: 'gone', ...stale(ended), firing }])).toBe('');
  });
});

describe.skipIf(!HAS_PROMTOOL)(
  `healthy recordings with one figure changed, for faults that no recording has (${SKIPPED_WITHOUT})`,
  () => {
    const STEPS = 120;
    const STOP = 60;
    const stops = (value: number | undefined, step: number, values: readonly (number | undefined)[]) =>
      step < STOP ? value : values[STOP];
    it.each([
      {
        bundle: 'healthy-keyed-1.20.3',
        what: 'checkpoints stop',
        figure: /numberOfCompletedCheckpoints/,
        becomes: stops,
        alert: critical('FlinkCheckpointsStopped', 'ckpt-failing', 'healthy_keyed'),
      },
      {
        bundle: 'healthy-keyed-1.20.3',
        what: 'a heap stays full',
        figure: /Heap_Used.*tm_id="tm_1"|GarbageCollector_All_Count.*tm_id="tm_1"/,
        becomes: (value: number | undefined, step: number) => ((value ?? 0) < 1e6 ? 10 * step : 340e6),
        alert: warning('FlinkHeapFull', 'gc-live-set-high', 'healthy_keyed', { tm_id: 'tm_1' }),
      },
      {
        bundle: 'healthy-keyed-1.20.3',
        what: 'a metaspace is full',
        figure: /Metaspace_Used.*tm_id="tm_1"/,
        becomes: () => 250e6,
        alert: { alertname: 'FlinkMetaspaceFull', severity: 'warning', rule: 'mem-metaspace', tm_id: 'tm_1' },
      },
      {
        bundle: 'late-records-1.20.3',
        what: 'event time stops although all readers read',
        figure: /current(In|Out)putWatermark/,
        becomes: stops,
        alert: warning('FlinkWatermarkStands', 'wm-stuck', 'late_records', { task_name: 'win____sink:_Writer' }),
      },
    ])('$what', async ({ bundle, figure, becomes, alert }) => {
      const { series, stepSeconds } = playedOn(await recordedReporters(bundle), STEPS * 10);
      const changed = series.map((one) =>
        figure.test(one.series) ? { ...one, values: one.values.map(becomes) } : one,
      );
      const firing = [{ atSeconds: 1020, alerts: [alert] }];
      expect(testRules(rules, [{ name: bundle, stepSeconds, series: changed, firing }])).toBe('');
    });
  },
);

describe.skipIf(!HAS_PROMTOOL)(`recordings of real clusters without a fault (${SKIPPED_WITHOUT})`, () => {
  it.each(HEALTHY)('%s: no alert in a quarter of an hour', async (bundle) => {
    const { series, stepSeconds } = playedOn(await recordedReporters(bundle), HEALTHY_SECONDS);
    const firing = Array.from({ length: HEALTHY_SECONDS / 30 }, (_, i) => ({ atSeconds: 30 * (i + 1), alerts: [] }));
    expect(testRules(rules, [{ name: bundle, stepSeconds, series, firing }])).toBe('');
  });

  it('catch-up-1.20.3: none while the backlog shrinks', async () => {
    const recorded = await recordedReporters('catch-up-1.20.3');
    const { series, stepSeconds } = playedOn(recorded, 480);
    const firing = Array.from({ length: 16 }, (_, i) => ({ atSeconds: 30 * (i + 1), alerts: [] }));
    expect(testRules(rules, [{ name: 'catch-up', stepSeconds, series, firing }])).toBe('');
  });
});

describe.skipIf(!HAS_PROMTOOL)(`other labels (${SKIPPED_WITHOUT})`, () => {
  const renamed = (recorded: RecordedReporters, rename: (series: string) => string): RecordedReporters => ({
    ...recorded,
    series: recorded.series.map((one) => ({ ...one, series: rename(one.series) })),
  });

  it('kubernetes: namespace and pod, two jobs of one name apart', async () => {
    const inNamespace = (name: string) => (series: string) =>
      series
        .replace('{', `{namespace="${name}", `)
        .replace(/instance="([\w-]+):9249"/, `instance="${name}-$1:9249", pod="${name}-$1"`);
    const slow = renamed(await recordedReporters('hot-key-1.20.3'), inNamespace('prod'));
    const well = renamed(await recordedReporters('healthy-keyed-1.20.3'), (series) =>
      inNamespace('test')(series).replace('healthy_keyed', 'hot_key'),
    );
    const both = { ...slow, series: [...slow.series, ...well.series] };
    const alert = { ...overloaded('hot_key', 'agg____sink:_Writer'), namespace: 'prod' };
    expect(alertsAt(both, TOLD_WITHIN_SECONDS, [alert], rulesFor(LABEL_SCHEMES.kubernetes))).toBe('');
  });

  it('names of their own for each', async () => {
    const names: Labels = { job_name: 'flink_job', task_name: 'vertex', subtask_index: 'index', tm_id: 'worker' };
    const recorded = renamed(await recordedReporters('gc-pressure-1.20.3'), (series) =>
      Object.entries(names).reduce((text, [from, to]) => text.replaceAll(`${from}="`, `${to}="`), series),
    );
    const labels = {
      ...LABEL_SCHEMES.plain,
      job: 'flink_job',
      task: 'vertex',
      subtask: 'index',
      taskManager: 'worker',
    };
    const alert = {
      alertname: 'FlinkGarbageCollection',
      severity: 'warning',
      rule: 'gc-pressure',
      flink_job: 'gc_pressure',
      worker: 'tm_1',
    };
    expect(alertsAt(recorded, TOLD_WITHIN_SECONDS, [alert], rulesFor(labels))).toBe('');
  });
});

/** The series end, as where a scrape finds them no more. */
const stale = ({ stepSeconds, series }: RecordedReporters) => ({
  stepSeconds,
  series: series.map((one) => ({ ...one, values: [...one.values, undefined] })),
});
