import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { RULES } from '../rules/index.js';
import { exportPrometheusRules, prometheusAlertRules } from './prometheus-rules.js';

const dir = mkdtempSync(join(tmpdir(), 'weir-alerts-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const { groups } = prometheusAlertRules(RULES);
const verdicts = groups.find(({ name }) => name === 'weir-verdicts')?.rules ?? [];
const own = groups.find(({ name }) => name === 'weir-self')?.rules ?? [];
const documented = readFileSync(new URL('../docs/metrics.md', import.meta.url), 'utf8');

describe('alerts on verdicts', () => {
  for (const rule of RULES) {
    const wanted =
      rule.basis !== 'measured' || rule.severityMax === 'info'
        ? []
        : rule.severityMax === 'warning'
          ? ['warning']
          : ['warning', 'critical'];
    it(`${rule.id} (${rule.basis}, at most ${rule.severityMax}): ${wanted.join(' and ') || 'none'}`, () => {
      expect(
        verdicts.filter(({ labels }) => labels['rule'] === rule.id).map(({ labels }) => labels['severity']),
      ).toEqual(wanted);
    });
  }

  it('ask for root findings of their rule and severity only, and tell jobs and vertices apart', () => {
    for (const { expr, labels } of verdicts) {
      expect(expr).toBe(
        `max by (cluster, job_name, vertex) (weir_finding{rule="${labels['rule']}", severity="${labels['severity']}", role="root", basis="measured"}) == 1`,
      );
    }
  });

  it('have a name of their own each, and words that say which job and where', () => {
    const names = [...verdicts, ...own].map(({ alert }) => alert);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^Weir[A-Z][A-Za-z]+$/);
    for (const { annotations } of verdicts) {
      expect(annotations['summary']).toContain('{{ $labels.job_name }} on {{ $labels.cluster }}');
      expect(annotations['description']).toContain('{{ $labels.vertex }}');
    }
  });
});

describe('alerts on Weir itself', () => {
  it('are three, on metrics that docs/metrics.md has', () => {
    expect(own.map(({ alert }) => alert)).toEqual(['WeirClusterUnknown', 'WeirJobDataOld', 'WeirStoreDropsSamples']);
    for (const { expr } of own) expect(documented).toContain(`\`${/weir_\w+/.exec(expr)?.[0] ?? 'none'}\``);
  });
});

describe('the exported file', () => {
  let path = '';
  beforeAll(() => {
    [path = ''] = exportPrometheusRules(RULES, join(dir, 'made', 'on', 'the', 'way'));
  });

  it('ends in .yml and holds the same rules', () => {
    expect(path).toMatch(/weir-alerts\.yml$/);
    expect(parse(readFileSync(path, 'utf8'))).toEqual(JSON.parse(JSON.stringify({ groups })));
  });

  it('is the same when written again', () => {
    const before = readFileSync(path, 'utf8');
    exportPrometheusRules(RULES, join(dir, 'made', 'on', 'the', 'way'));
    expect(readFileSync(path, 'utf8')).toBe(before);
  });

  const promtool = spawnSync('promtool', ['--version']).error === undefined;
  it.skipIf(!promtool)('passes promtool check rules (skipped where promtool is not on PATH)', () => {
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'rules', path], { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(stdout).toContain('SUCCESS');
    expect(status).toBe(0);
  });
});
