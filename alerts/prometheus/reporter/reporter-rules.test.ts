import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FIXTURE_VERSIONS, reporterText } from '../../../collector/testing/fixtures.js';
import { checkRules, HAS_PROMTOOL, SKIPPED_WITHOUT } from '../../../test/support/promtool.js';
import { renderRuleFile, type AlertRule, type RecordingRule } from '../rule-file.js';
import { LABEL_SCHEMES, type ReporterLabels } from './labels.js';
import { reporterRules } from './reporter-rules.js';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const CUSTOM: ReporterLabels = {
  cluster: ['region', 'app'],
  job: 'flink_job',
  task: 'vertex',
  subtask: 'index',
  taskManager: 'worker',
  operator: 'op',
};
const rules = reporterRules({ language: 'en', labels: LABEL_SCHEMES.plain }).groups.flatMap((group) => group.rules);
const alerts = rules.filter((rule): rule is AlertRule => 'alert' in rule);
const recorded = rules.filter((rule): rule is RecordingRule => 'record' in rule);

describe('alerts on the metrics of Flink’s reporter', () => {
  it('are in docs/alerting.md, each with its severity, and no other', () => {
    const page = readFileSync(join(ROOT, 'docs', 'alerting.md'), 'utf8');
    const documented = [...page.matchAll(/^\| `(Flink\w+)` +\| (\w+)/gm)].map(
      ([, name, severity]) => `${name} ${severity}`,
    );
    expect(alerts.map(({ alert, labels }) => `${alert} ${labels['severity']}`).sort()).toEqual(documented.sort());
  });

  it('say where, what and what to do first', () => {
    for (const { alert, annotations, labels } of alerts) {
      expect(annotations['summary'], alert).toMatch(/\{\{ \$(labels\.(job_name|tm_id)|value)/);
      expect(annotations['description'], alert).toMatch(/^.{40,300}\.$/);
      expect(annotations['action'], alert).toMatch(/^.{40,300}\.$/);
      expect(existsSync(join(ROOT, 'docs', 'rules', `${labels['rule']}.md`)), `${alert}: ${labels['rule']}`).toBe(true);
    }
  });

  it('say it in Chinese as well', () => {
    const chinese = reporterRules({ language: 'zh-CN', labels: LABEL_SCHEMES.plain }).groups.flatMap(
      (group) => group.rules,
    );
    expect(chinese.map(({ expr }) => expr)).toEqual(rules.map(({ expr }) => expr));
    for (const rule of chinese) {
      if (!('alert' in rule)) continue;
      for (const key of ['summary', 'description', 'action'])
        expect(rule.annotations[key], `${rule.alert} ${key}`).toMatch(/\p{Script=Han}/u);
    }
  });

  it('lead to the page of the rule where an address is known, and name the command where none is', () => {
    const linked = reporterRules({
      language: 'en',
      labels: LABEL_SCHEMES.plain,
      publicUrl: 'https://weir.example',
    }).groups;
    for (const rule of linked.flatMap((group) => group.rules)) {
      if (!('alert' in rule)) continue;
      expect(rule.annotations['runbook_url']).toBe(`https://weir.example/rules/${rule.labels['rule']}`);
    }
    for (const { annotations, labels } of alerts) {
      expect(annotations['runbook']).toBe(`weir rules explain ${labels['rule']}`);
      expect(annotations['runbook_url']).toBeUndefined();
    }
  });

  it('use only what was recorded before them', () => {
    const known = new Set<string>();
    for (const rule of rules) {
      for (const [name] of rule.expr.matchAll(/flink:\w+:\w+/g)) expect(known, rule.expr).toContain(name);
      if ('record' in rule) known.add(rule.record);
    }
    const used = rules.map(({ expr }) => expr).join(' ');
    expect(recorded.filter(({ record }) => !used.includes(record)).map(({ record }) => record)).toEqual([]);
  });

  it('ask for metrics that real reporters have', () => {
    const texts = FIXTURE_VERSIONS.flatMap((version) => [reporterText(version, 'tm'), reporterText(version, 'jm')]);
    const named = new Set(rules.flatMap(({ expr }) => expr.match(/\bflink_\w+/g) ?? []));
    const missing = [...named].filter((name) => !texts.some((text) => text.includes(`\n${name}{`)));
    expect(missing.sort()).toEqual([
      // Of other collectors than the fixtures' JVM has, and of sources that say what is left.
      'flink_taskmanager_Status_JVM_GarbageCollector_Copy_Count',
      'flink_taskmanager_Status_JVM_GarbageCollector_Copy_Time',
      'flink_taskmanager_Status_JVM_GarbageCollector_MarkSweepCompact_Count',
      'flink_taskmanager_Status_JVM_GarbageCollector_MarkSweepCompact_Time',
      'flink_taskmanager_Status_JVM_GarbageCollector_PS_MarkSweep_Count',
      'flink_taskmanager_Status_JVM_GarbageCollector_PS_MarkSweep_Time',
      'flink_taskmanager_Status_JVM_GarbageCollector_PS_Scavenge_Count',
      'flink_taskmanager_Status_JVM_GarbageCollector_PS_Scavenge_Time',
      'flink_taskmanager_job_task_operator_pendingRecords',
    ]);
  });

  it('name only labels that they were given', () => {
    const text = renderRuleFile(reporterRules({ language: 'en', labels: CUSTOM }), '');
    expect(text).not.toMatch(/job_name|task_name|subtask_index|tm_id|operator_name/);
    expect(text).toContain('by (region, app, flink_job, vertex)');
  });
});

describe.skipIf(!HAS_PROMTOOL)(`promtool check rules (${SKIPPED_WITHOUT})`, () => {
  it.each([
    ['plain', LABEL_SCHEMES.plain],
    ['kubernetes', LABEL_SCHEMES.kubernetes],
    ['names of their own', CUSTOM],
  ])('passes with labels: %s', (_, labels) => {
    expect(checkRules(renderRuleFile(reporterRules({ language: 'en', labels }), 'Under test'))).toBe('');
  });
});
