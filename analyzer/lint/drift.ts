import { text } from '../text.js';
import { shownValue, type LintProblem } from './problem.js';
import type { Settings } from './settings.js';

/** Where a file leaves its team's template: what the template sets and the file does not, or sets otherwise. */
export function checkDrift(file: Settings, template: Settings): readonly LintProblem[] {
  const settings = new Map(file.settings.map((setting) => [setting.key, setting]));
  const wanted = new Map(template.settings.map(({ key, value }) => [key, value]));
  return [...wanted].flatMap(([key, value]): readonly LintProblem[] => {
    const own = settings.get(key);
    const shown = shownValue(key, value);
    if (own === undefined)
      return [
        {
          rule: 'template-missing',
          severity: 'warning',
          line: 1,
          key,
          message: text(`${key} is not set; the template has ${shown}`, `未设置 ${key}；模板为 ${shown}`),
        },
      ];
    if (own.value.trim() === value.trim()) return [];
    return [
      {
        rule: 'template-drift',
        severity: 'warning',
        line: own.line,
        key,
        message: text(
          `${key} is ${shownValue(key, own.value)}; the template has ${shown}`,
          `${key} 为 ${shownValue(key, own.value)}；模板为 ${shown}`,
        ),
      },
    ];
  });
}
