import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ruleDocsPage } from '../../cli/rules-export.js';
import { RULES } from '../../rules/index.js';
import { checkRules, HAS_PROMTOOL, SKIPPED_WITHOUT } from '../../test/support/promtool.js';
import { renderRuleFile, type AlertRule } from './rule-file.js';
import { verdictRules } from './verdict-rules.js';

const PUBLIC_URL = 'https://weir.example';
const file = verdictRules(RULES, { language: 'en', pageOf: ruleDocsPage, publicUrl: PUBLIC_URL });
const rulesOf = (group: string): readonly AlertRule[] =>
  (file.groups.find(({ name }) => name === group)?.rules ?? []).filter((rule) => 'alert' in rule);
const verdicts = rulesOf('weir-verdicts');

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
      const [now] = expr.split(' unless ');
      expect(now).toBe(
        `max by (cluster, job_name, vertex) (timestamp(weir_finding{rule="${labels['rule']}", severity="${labels['severity']}", role="root", basis="measured"}))`,
      );
    }
  });

  it('have a name of their own each', () => {
    const names = [...verdicts, ...rulesOf('weir-self')].map(({ alert }) => alert);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^Weir[A-Z][A-Za-z]+$/);
  });

  it('say which job, where, the cause and the first action in words', () => {
    for (const { alert, annotations } of verdicts) {
      const { summary, description, action } = annotations;
      expect(summary, alert).toMatch(/^\{\{ \$labels\.job_name \}\} on \{\{ \$labels\.cluster \}\}: \S.*vertex/);
      for (const text of [description, action]) {
        expect(text?.length ?? 0, `${alert}: ${text}`).toBeGreaterThan(15);
        expect(text?.length ?? 0, `${alert}: ${text}`).toBeLessThan(700);
        expect(text, alert).not.toMatch(/\]\(|^#|\n/);
      }
    }
  });

  it('lead to the job at that moment and to the page of the rule', () => {
    for (const { annotations, labels } of verdicts) {
      expect(annotations['link']).toBe(
        'https://weir.example/open?cluster={{ $labels.cluster | urlquery }}&job={{ $labels.job_name | urlquery }}&at={{ $value | printf "%.0f" }}000',
      );
      expect(annotations['runbook_url']).toBe(`https://weir.example/rules/${labels['rule']}`);
    }
  });

  it('carry no links where no address is known', () => {
    const { groups } = verdictRules(RULES, { language: 'en', pageOf: ruleDocsPage });
    for (const rule of groups.flatMap(({ rules }) => rules)) {
      if (!('alert' in rule)) continue;
      expect(Object.keys(rule.annotations)).not.toContain('link');
      expect(Object.keys(rule.annotations)).not.toContain('runbook_url');
    }
  });

  it('show braces of a page as they are and do not read them as a template', () => {
    const page = '## What it finds\n\nA `{{ x }}` in a name.\n\n## What to change\n\n[Take it](x.md) out.\n';
    const [group] = verdictRules(
      RULES.filter(({ id }) => id === 'skew-hot-key'),
      { language: 'en', pageOf: () => page },
    ).groups;
    const [rule] = group?.rules ?? [];
    expect(rule !== undefined && 'alert' in rule ? rule.annotations : {}).toMatchObject({
      description: 'A `{{ "{{" }} x }}` in a name.',
      action: 'Take it out.',
    });
  });
});

describe('alerts on Weir itself', () => {
  it('say that it is down, blind, late, mute or loses something', () => {
    expect(rulesOf('weir-self').map(({ alert, labels }) => `${alert} ${labels['severity']}`)).toEqual([
      'WeirDown critical',
      'WeirClusterUnknown critical',
      'WeirLate warning',
      'WeirJobDataOld warning',
      'WeirStoreDropsSamples warning',
      'WeirStoreUnhealthy warning',
      'WeirMessagesNotSent warning',
      'WeirRuleCrashed warning',
    ]);
  });
});

describe('in Chinese', () => {
  it('every text is, and expressions are the same', () => {
    const chinese = verdictRules(RULES, { language: 'zh-CN', pageOf: ruleDocsPage });
    const alertsOf = ({ groups }: typeof chinese) => groups.flatMap(({ rules }) => rules);
    expect(alertsOf(chinese).map(({ expr }) => expr)).toEqual(alertsOf(file).map(({ expr }) => expr));
    for (const rule of alertsOf(chinese)) {
      if (!('alert' in rule)) continue;
      for (const words of Object.values(rule.annotations)) expect(words, rule.alert).toMatch(/\p{Script=Han}/u);
    }
  });

  it('a verdict says the cause and the first action, as in English', () => {
    const { groups } = verdictRules(RULES, { language: 'zh-CN', pageOf: ruleDocsPage });
    const verdicts = groups.filter(({ name }) => name === 'weir-verdicts').flatMap(({ rules }) => rules);
    for (const rule of verdicts) {
      if (!('alert' in rule)) continue;
      for (const text of [rule.annotations['description'], rule.annotations['action']]) {
        expect(text?.length ?? 0, `${rule.alert}: ${text}`).toBeGreaterThan(8);
        expect(text?.length ?? 0, `${rule.alert}: ${text}`).toBeLessThan(400);
        expect(text, rule.alert).not.toMatch(/weir rules explain|\]\(|^#|\n/);
      }
    }
  });
});

describe('the rule file', () => {
  const text = renderRuleFile(file, 'Two\nlines');

  it('is YAML of the same rules below a heading', () => {
    expect(text.startsWith('# Two\n# lines\ngroups:\n')).toBe(true);
    expect(parse(text)).toEqual(JSON.parse(JSON.stringify(file)));
  });

  it.skipIf(!HAS_PROMTOOL)(`passes promtool check rules (${SKIPPED_WITHOUT})`, () => {
    expect(checkRules(text)).toBe('');
  });
});
