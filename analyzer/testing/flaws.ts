import { SEVERITIES, type Finding } from '../engine/finding.js';
import type { Advice } from '../engine/recommendation.js';
import type { AnyRule } from '../engine/rule.js';
import type { Text } from '../text.js';
import type { Judgement } from './judge.js';

/** Every text in a value, wherever it is. */
export function textsIn(value: unknown): readonly Text[] {
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (typeof value !== 'object' || value === null) return [];
  // A value with both languages is a Text: nothing else in the model has these keys.
  if ('en' in value && 'zh-CN' in value) return [value as Text];
  return Object.values(value).flatMap(textsIn);
}

/** What is wrong with findings and advice whatever their rule: empty words, NaN, broken intervals, diffs without their change. */
export function flawsIn(
  { findings, advice }: Pick<Judgement, 'findings' | 'advice'>,
  rules: readonly AnyRule[],
): string[] {
  return [
    ...textsIn([findings, advice]).flatMap(flawsOfText),
    ...findings.flatMap((finding) => flawsOfFinding(finding, rules)),
    ...advice.flatMap(flawsOfAdvice),
  ];
}

const BROKEN = /undefined|NaN|Infinity|\[object/;

function flawsOfText(text: Text): string[] {
  const words = [text.en, text['zh-CN']];
  if (words.some((word) => word.trim() === '')) return [`empty text: ${JSON.stringify(text)}`];
  return words.filter((word) => BROKEN.test(word)).map((word) => `broken text: ${word}`);
}

function flawsOfFinding(finding: Finding, rules: readonly AnyRule[]): string[] {
  const rule = rules.find(({ id }) => id === finding.rule);
  const tooSevere = rule !== undefined && SEVERITIES.indexOf(finding.severity) > SEVERITIES.indexOf(rule.severityMax);
  return [
    ...(tooSevere ? [`${finding.rule}: ${finding.severity} is above severityMax`] : []),
    ...(finding.confidence > 0 && finding.confidence <= 1 ? [] : [`${finding.rule}: confidence ${finding.confidence}`]),
    ...(finding.evidence.length === 0 ? [`${finding.rule}: no evidence`] : []),
    ...(finding.wouldChange.length === 0 ? [`${finding.rule}: does not say what would change it`] : []),
    ...finding.evidence
      .filter(({ value, windowMs }) => !Number.isFinite(value) || !(windowMs > 0))
      .map(({ signal, value, windowMs }) => `${finding.rule}: evidence ${signal} = ${value} over ${windowMs} ms`),
  ];
}

function flawsOfAdvice(advice: Advice): string[] {
  const numbers = advice.expected.flatMap(({ from, to, low, high }) => [from, to, low, high]);
  const near = 1e-9;
  return [
    ...(advice.changes.length === 0 ? [`no change: ${advice.title.en}`] : []),
    ...(advice.expected.length === 0 ? [`no expected effect: ${advice.title.en}`] : []),
    ...(advice.verify.length === 0 ? [`nothing to verify: ${advice.title.en}`] : []),
    ...(numbers.every(Number.isFinite) ? [] : [`expected effect is no number: ${advice.title.en}`]),
    ...advice.expected
      .filter(({ to, low, high }) => low > to + near * Math.abs(to) || high < to - near * Math.abs(to))
      .map(({ metric, to, low, high }) => `${metric}: ${to} is not within ${low} and ${high}`),
    ...advice.changes.filter(({ from, to }) => from === to).map(({ to }) => `a change from ${to} to ${to}`),
    ...advice.changes.flatMap(({ key, to }) =>
      key === undefined
        ? []
        : Object.entries(advice.diffs)
            .filter(([, diff]) => !diff.includes(key) || !diff.includes(String(to)))
            .map(([dialect]) => `${dialect} lacks ${key} or ${to}`),
    ),
  ];
}
