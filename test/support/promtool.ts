import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { temporaryDir } from './service.js';

/** CI installs the package `prometheus`, and fails where a test was skipped. */
export const HAS_PROMTOOL = isOnPath('promtool');
export const HAS_PROMETHEUS = HAS_PROMTOOL && isOnPath('prometheus');
export const HAS_AMTOOL = isOnPath('amtool');
export const SKIPPED_WITHOUT = 'skipped where the package prometheus is not installed';

export interface Series {
  /** `name{label="value"}`. */
  readonly series: string;
  /** One per step, undefined where there is none. */
  readonly values: readonly (number | undefined)[];
}

type Labels = Readonly<Record<string, string>>;

export interface RuleTest {
  readonly name: string;
  readonly stepSeconds: number;
  readonly series: readonly Series[];
  /** All alerts that fire at that second, with `alertname` among their labels: no more and no fewer. */
  readonly firing: readonly { readonly atSeconds: number; readonly alerts: readonly Labels[] }[];
  /** What one of them says. */
  readonly says?: {
    readonly atSeconds: number;
    readonly alertname: string;
    readonly labels: Labels;
    readonly annotations: Labels;
  };
}

/** What `promtool test rules` says against the rule file; empty when all is as expected. */
export function testRules(rules: string, tests: readonly RuleTest[], evaluationSeconds = 15): string {
  const dir = temporaryDir();
  try {
    writeFileSync(join(dir.path, 'rules.yml'), rules);
    writeFileSync(join(dir.path, 'test.yml'), stringify(suite(tests, evaluationSeconds), { lineWidth: 0 }));
    const { status, stdout, stderr } = spawnSync('promtool', ['test', 'rules', 'test.yml'], {
      cwd: dir.path,
      encoding: 'utf8',
    });
    return status === 0 ? '' : stdout + stderr;
  } finally {
    dir.remove();
  }
}

const suite = (tests: readonly RuleTest[], evaluationSeconds: number): object => ({
  rule_files: ['rules.yml'],
  evaluation_interval: `${evaluationSeconds}s`,
  tests: tests.map(({ name, stepSeconds, series, firing, says }) => ({
    name,
    interval: `${stepSeconds}s`,
    input_series: series.map((one) => ({ series: one.series, values: written(one.values) })),
    promql_expr_test: firing.map(({ atSeconds, alerts }) => ({
      expr: 'ALERTS{alertstate="firing"}',
      eval_time: `${atSeconds}s`,
      exp_samples: alerts.map((labels) => ({
        labels: seriesName('ALERTS', { ...labels, alertstate: 'firing' }),
        value: 1,
      })),
    })),
    alert_rule_test:
      says === undefined
        ? []
        : [
            {
              eval_time: `${says.atSeconds}s`,
              alertname: says.alertname,
              exp_alerts: [{ exp_labels: says.labels, exp_annotations: says.annotations }],
            },
          ],
  })),
});

/** The notation of promtool: `_` for no sample yet, `stale` where the scrape finds the series no more. */
const written = (values: readonly (number | undefined)[]): string =>
  values
    .map((value, i) => (value !== undefined ? String(value) : values[i - 1] === undefined ? '_' : 'stale'))
    .join(' ');

/** `check` of promtool on a text of its own; empty when it has nothing to say against it. */
export function checkRules(rules: string): string {
  const dir = temporaryDir();
  try {
    const path = join(dir.path, 'rules.yml');
    writeFileSync(path, rules);
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'rules', path], { encoding: 'utf8' });
    return status === 0 && stderr === '' && stdout.includes('SUCCESS') ? '' : stdout + stderr;
  } finally {
    dir.remove();
  }
}

export const seriesName = (name: string, labels: Readonly<Record<string, string>>): string =>
  `${name}{${Object.entries(labels)
    .map(([label, value]) => `${label}="${value.replace(/["\\]/g, '\\$&').replace(/\n/g, '\\n')}"`)
    .join(',')}}`;

function isOnPath(program: string): boolean {
  return spawnSync(program, ['--version']).error === undefined;
}
