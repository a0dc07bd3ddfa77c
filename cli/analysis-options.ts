import type { AnalysisOptions } from '../analyzer/engine/analyze.js';
import type { AnyRule } from '../analyzer/engine/rule.js';
import type { Config } from './config/schema.js';

/** The rules and their options for one job: general settings, then every override that matches, in order. */
export function analysisOptions(
  rules: readonly AnyRule[],
  config: Config['rules'],
): (cluster: string, jobName: string) => AnalysisOptions {
  return (cluster, jobName) => {
    const overrides = config.overrides.filter(
      (override) =>
        (override.cluster === undefined || override.cluster === cluster) &&
        (override.job === undefined || override.job === jobName),
    );
    const settings = [config.options, ...overrides.map(({ options }) => options)].reduce<
      Record<string, Record<string, number>>
    >((all, options) => {
      for (const [id, values] of Object.entries(options)) all[id] = { ...all[id], ...values };
      return all;
    }, {});
    return { rules, settings, disabled: [...config.disable, ...overrides.flatMap(({ disable }) => disable)] };
  };
}
