import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LABEL_SCHEMES } from '../../alerts/prometheus/reporter/labels.js';
import { exportPrometheusRules } from '../../alerts/prometheus/export.js';
import { ruleDocsPage } from '../../cli/rules-export.js';
import { RULES } from '../../rules/index.js';
import { listeningAddress } from '../support/listening.js';
import { checkRules, HAS_AMTOOL, HAS_PROMTOOL, SKIPPED_WITHOUT } from '../support/promtool.js';
import { temporaryDir } from '../support/service.js';

const DEPLOYED = 'deploy/prometheus';
const dir = temporaryDir();
afterAll(() => dir.remove());

const run = (program: string, ...args: readonly string[]): string => {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  return status === 0 ? '' : stdout + stderr;
};

describe('deploy/prometheus', () => {
  const made = exportPrometheusRules(RULES, dir.path, {
    language: 'en',
    pageOf: ruleDocsPage,
    labels: LABEL_SCHEMES.plain,
  });

  it('holds the rules on Flink’s metrics as the generator makes them (else: weir rules export --format prometheus)', () => {
    const name = 'flink-reporter-alerts.yml';
    expect(readFileSync(`${DEPLOYED}/${name}`, 'utf8')).toBe(readFileSync(`${dir.path}/${name}`, 'utf8'));
  });

  it.skipIf(!HAS_PROMTOOL)(`both rule files and prometheus.yml pass promtool (${SKIPPED_WITHOUT})`, () => {
    for (const path of made) expect(checkRules(readFileSync(path, 'utf8'))).toBe('');
    expect(checkConfig(`${DEPLOYED}/prometheus.yml`)).toBe('');
  });
});

const checkConfig = (path: string): string => run('promtool', 'check', 'config', '--syntax-only', path);

const ALERTMANAGER = ['prometheus-alertmanager', 'alertmanager'].find(
  (name) => spawnSync(name, ['--version']).error === undefined,
);
const WITHOUT = 'skipped where the package prometheus-alertmanager is not installed';
type Labels = Readonly<Record<string, string>>;

describe.skipIf(!HAS_AMTOOL || ALERTMANAGER === undefined)(`alertmanager.yml (${WITHOUT})`, () => {
  const CONFIG = `${DEPLOYED}/alertmanager.yml`;
  let child: ChildProcess;
  let url = '';

  beforeAll(async () => {
    child = spawn(
      ALERTMANAGER ?? '',
      [
        `--config.file=${CONFIG}`,
        `--storage.path=${dir.path}/alertmanager`,
        '--web.listen-address=127.0.0.1:0',
        '--cluster.listen-address=',
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    url = await listeningAddress(child);
  }, 90_000);
  afterAll(async () => {
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    await gone;
  });

  /** Sends alerts whose clusters end in a mark of their own. */
  async function fire(alerts: readonly Labels[], mark: string): Promise<void> {
    const marked = alerts.map((labels) => ({ labels: { ...labels, cluster: `${labels['cluster']}${mark}` } }));
    const headers = { 'Content-Type': 'application/json' };
    await fetch(`${url}/api/v2/alerts`, { method: 'POST', body: JSON.stringify(marked), headers });
  }

  /** Those of them that reach a receiver. */
  async function heard(mark: string): Promise<string[]> {
    const response = await fetch(`${url}/api/v2/alerts?active=true&inhibited=false&silenced=false`);
    // Alertmanager's own API.
    const found = (await response.json()) as { labels: Labels }[];
    return found.flatMap(({ labels }) => (labels['cluster']?.endsWith(mark) ? [labels['alertname'] ?? ''] : [])).sort();
  }

  const hotKey = { job_name: 'orders', vertex: 'agg', rule: 'skew-hot-key', cluster: 'a' };
  const warning = { ...hotKey, alertname: 'WeirSkewHotKey', severity: 'warning' };
  const critical = { ...hotKey, alertname: 'WeirSkewHotKeyCritical', severity: 'critical' };
  const unknown = { alertname: 'WeirClusterUnknown', severity: 'critical', cluster: 'a' };

  it('passes amtool check-config', () => {
    expect(run('amtool', 'check-config', CONFIG)).toBe('');
  });

  it.each([
    ['a cluster that cannot be read silences its jobs', [unknown, critical], ['WeirClusterUnknown']],
    [
      'but not those of another cluster',
      [unknown, critical, { ...critical, cluster: 'b' }],
      ['WeirClusterUnknown', 'WeirSkewHotKeyCritical'],
    ],
    ['critical silences the warning of its rule there', [critical, warning], ['WeirSkewHotKeyCritical']],
    [
      'but not that of another vertex',
      [critical, warning, { ...warning, vertex: 'join' }],
      ['WeirSkewHotKey', 'WeirSkewHotKeyCritical'],
    ],
    [
      'nor that of another rule',
      [critical, warning, { ...warning, rule: 'gc-pressure' }],
      ['WeirSkewHotKey', 'WeirSkewHotKeyCritical'],
    ],
  ])('%s', async (what, alerts, reach) => {
    const mark = ` (${what})`;
    await fire(alerts, mark);
    await expect.poll(() => heard(mark), { timeout: 10_000 }).toEqual(reach);
  });
});
