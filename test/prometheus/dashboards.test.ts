import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Dashboard } from '../../alerts/grafana/dashboard.js';
import { flinkDashboards } from '../../alerts/grafana/flink/index.js';
import type { Panel } from '../../alerts/grafana/panel.js';
import { weirDashboards } from '../../alerts/grafana/weir/index.js';
import { LABEL_SCHEMES } from '../../alerts/prometheus/reporter/labels.js';
import { FIXTURE_VERSIONS, reporterText } from '../../collector/testing/fixtures.js';
import { startPrometheus, seriesOfText, type RunningPrometheus, type TimedSeries } from '../support/prometheus.js';
import { HAS_PROMETHEUS, SKIPPED_WITHOUT } from '../support/promtool.js';
import { serveSimulated, SETTLED_BEATS } from '../support/served-sim.js';
import { playedOn, recordedReporters } from './recorded-reporters.js';

const STEP_SECONDS = 15;
const STEPS = 60;
/** Prometheus throws away what is older than two weeks. */
const NOW_SECONDS = Math.floor(Date.now() / 1000 / STEP_SECONDS) * STEP_SECONDS;
const FROM_SECONDS = NOW_SECONDS - STEPS * STEP_SECONDS;

const panelsOf = (dashboards: readonly Dashboard[]): readonly Panel[] =>
  dashboards.flatMap(({ rows }) => rows.flatMap(({ panels }) => panels));

/** As Grafana fills it in with all chosen but the cluster. */
const filledIn = (expr: string, cluster: string): string =>
  expr
    .replaceAll('$__rate_interval', '2m')
    .replaceAll('$cluster', cluster)
    .replace(/\$(job|taskmanager)\b/g, '.*');

/** Titles of panels with a query that finds nothing. */
async function silentPanels(
  prometheus: RunningPrometheus,
  dashboards: readonly Dashboard[],
  cluster: string,
): Promise<readonly Panel[]> {
  const silent: Panel[] = [];
  for (const panel of panelsOf(dashboards)) {
    for (const { expr } of panel.queries) {
      const found = await prometheus.query(filledIn(expr, cluster), NOW_SECONDS);
      if (found.length === 0 && !silent.includes(panel)) silent.push(panel);
    }
  }
  return silent;
}

const unexplained = (panels: readonly Panel[]): readonly string[] =>
  panels.filter(({ needs }) => needs === undefined).map(({ title }) => title);

const isAnswered = async (prometheus: RunningPrometheus, { variables }: Dashboard, cluster: string): Promise<void> => {
  for (const { query } of variables) {
    const [, series, label] = /^label_values\((.+), (\w+)\)$/.exec(query) ?? [];
    const found = await prometheus.query(`count by (${label}) (${filledIn(series ?? '', cluster)})`, NOW_SECONDS);
    expect(found.map(({ metric }) => metric[label ?? '']).filter((value) => value === undefined)).toEqual([]);
    expect(found.length, query).toBeGreaterThan(0);
  }
};

describe.skipIf(!HAS_PROMETHEUS)(`dashboards on Flink's metrics, asked of a Prometheus (${SKIPPED_WITHOUT})`, () => {
  const dashboards = flinkDashboards({ ...LABEL_SCHEMES.plain, cluster: ['cluster'] });
  const RECORDED = 'recorded';
  let prometheus: RunningPrometheus;

  beforeAll(async () => {
    prometheus = await startPrometheus([
      ...FIXTURE_VERSIONS.flatMap(textOf),
      ...(await recordedAs(RECORDED, 'slow-lookup-1.20.3')),
      ...(await recordedAs(RECORDED, 'silent-partition-1.20.3')),
    ]);
  }, 120_000);
  afterAll(() => prometheus?.end());

  /** What the reporters of a real cluster of that version said, once, as if it had stayed so. */
  function textOf(version: (typeof FIXTURE_VERSIONS)[number]): TimedSeries[] {
    const both = (['tm', 'jm'] as const).flatMap((process) =>
      seriesOfText(reporterText(version, process), `cluster="${version}",instance="${process}:9249"`),
    );
    return both.map(({ series, value }) => ({
      series,
      samples: Array.from({ length: STEPS + 1 }, (_, i) => ({ atSeconds: FROM_SECONDS + i * STEP_SECONDS, value })),
    }));
  }

  async function recordedAs(cluster: string, bundle: string): Promise<TimedSeries[]> {
    const { series, stepSeconds, steps } = playedOn(await recordedReporters(bundle), STEPS * STEP_SECONDS);
    const beginSeconds = NOW_SECONDS - (steps - 1) * stepSeconds;
    return series.map((one) => ({
      series: one.series.replace('{', `{cluster="${cluster}",`).replace('instance="', `instance="${bundle}-`),
      samples: one.values.flatMap((value, i) =>
        value === undefined ? [] : [{ atSeconds: beginSeconds + i * stepSeconds, value }],
      ),
    }));
  }

  it.each(FIXTURE_VERSIONS)(
    'Flink %s: every query finds something, or its panel says what it needs',
    async (version) => {
      const silent = await silentPanels(prometheus, dashboards, version);
      expect(unexplained(silent)).toEqual([]);
      for (const dashboard of dashboards) await isAnswered(prometheus, dashboard, version);
    },
  );

  it('with load, lag and event time only RocksDB, Kafka and newer versions are missing', async () => {
    const recorded = await silentPanels(prometheus, dashboards, RECORDED);
    const newest = await silentPanels(prometheus, dashboards, '2.3.0');
    const inBoth = recorded.filter((panel) => newest.includes(panel)).map(({ title }) => title);
    expect(inBoth.sort()).toEqual(['Block cache in use', 'Compaction pending', 'Largest lag of a Kafka partition']);
  });
});

describe.skipIf(!HAS_PROMETHEUS)(`dashboards on Weir's metrics, asked of a Prometheus (${SKIPPED_WITHOUT})`, () => {
  const dashboards = weirDashboards('http://127.0.0.1:8080');
  const BEATS = 12;
  const BEAT_SECONDS = 10;
  let prometheus: RunningPrometheus;

  beforeAll(async () => {
    const sim = await serveSimulated();
    await sim.beats(SETTLED_BEATS);
    const series = new Map<string, { atSeconds: number; value: number }[]>();
    for (let beat = BEATS - 1; beat >= 0; beat -= 1) {
      await sim.beats(1);
      const text = await (await sim.get('/metrics')).text();
      for (const one of seriesOfText(text, 'job="weir",instance="weir:8080"')) {
        const samples = series.get(one.series) ?? [];
        samples.push({ atSeconds: NOW_SECONDS - beat * BEAT_SECONDS, value: one.value });
        series.set(one.series, samples);
      }
    }
    await sim.close();
    // The demo is read within the process: its requests are counted by hand.
    series.set(
      'weir_collect_requests_total{job="weir",instance="weir:8080",cluster="sim",endpoint="/jobs/overview",outcome="ok"}',
      Array.from({ length: BEATS }, (_, i) => ({
        atSeconds: NOW_SECONDS - (BEATS - 1 - i) * BEAT_SECONDS,
        value: 7 * i,
      })),
    );
    prometheus = await startPrometheus([...series].map(([name, samples]) => ({ series: name, samples })));
  }, 120_000);
  afterAll(() => prometheus?.end());

  it('every query finds something, or its panel says what it needs', async () => {
    const silent = await silentPanels(prometheus, dashboards, 'sim');
    expect(unexplained(silent)).toEqual([]);
    // Backlogs of the demo only grow, nobody is told of it, and the store of this test writes no files.
    const titles = [...new Set(silent.map(({ title }) => title))].sort();
    expect(titles).toEqual(['Data on disk', 'Messages', 'Time to catch up']);
    for (const dashboard of dashboards) await isAnswered(prometheus, dashboard, 'sim');
  });
});
