import { amountOf } from '../analyzer/engine/amount.js';
import { duration, durationRange } from '../analyzer/text.js';
import type { Finding, Recommendation } from '../dashboard/contract.js';
import type { CheckReport } from './check-report.js';
import { diffToShow, nothingFound, onlyReason, plain, rootsToShow } from './check-words.js';

const MARKS = { critical: '▲ critical', warning: '■ warning', info: '· info' } as const;

/** The report for a person at a terminal, cause first. */
export function renderText(report: CheckReport): string {
  const lines = report.jobs.flatMap((job) => {
    const open = job.findings.filter(({ state }) => state !== 'resolved');
    const roots = rootsToShow(job);
    return [
      `${plain(job.name)} · ${job.state} · ${job.jobId}`,
      ...(roots.length === 0
        ? [`  ${job.clear.length === 0 ? '' : '● '}${nothingFound(job)}`]
        : roots.flatMap((root) => findingLines(root, open, job.recommendations))),
      ...(job.notEvaluated.length === 0 || onlyReason(job) !== undefined
        ? []
        : ['', `  not evaluated: ${job.notEvaluated.length} rule(s)`, ...reasons(job.notEvaluated)]),
      '',
    ];
  });
  const version = report.flinkVersion === undefined ? '' : ` · Flink ${report.flinkVersion}`;
  return [`${report.cluster}${version} · Weir ${report.weir}`, '', ...lines].join('\n');
}

function findingLines(root: Finding, open: readonly Finding[], recommendations: readonly Recommendation[]): string[] {
  const symptoms = open.filter(({ causedBy }) => causedBy.includes(root.id));
  const pending =
    root.state === 'pending'
      ? ' (provisional: not yet seen three times, so nothing is advised that takes more resources)'
      : '';
  return [
    '',
    `  ${MARKS[root.severity]}  ${plain(root.title)}${pending}`,
    `    ${root.rule} · ${Math.round(root.confidence * 100)} % sure`,
    `    ${plain(root.summary)}`,
    ...root.evidence.map(
      (item) => `      ${item.label}: ${amountOf(item.value, item.unit)}${limit(item)} over ${duration(item.windowMs)}`,
    ),
    ...(symptoms.length === 0 ? [] : [`    explains: ${symptoms.map(({ title }) => plain(title)).join('; ')}`]),
    ...recommendations.filter(({ findings }) => findings.includes(root.id)).flatMap(recommendationLines),
  ];
}

function recommendationLines(item: Recommendation): string[] {
  const diff = diffToShow(item);
  return [
    `    do: ${plain(item.title)}`,
    ...item.changes.map(
      (change) =>
        `      ${change.key ?? plain(change.vertexName ?? change.scope)}: ${plain(String(change.from ?? 'not set'))} → ${plain(String(change.to))}`,
    ),
    ...(diff === undefined ? [] : diff.split('\n').map((line) => `      ${plain(line)}`)),
    ...item.expected.map(
      (effect) =>
        `      expected: ${effect.label} ${amountOf(effect.from, effect.unit)} → ${amountOf(effect.to, effect.unit)} (${amountOf(effect.low, effect.unit)} to ${amountOf(effect.high, effect.unit)})${after(effect)}`,
    ),
    ...item.prerequisites.map((text) => `      first: ${plain(text)}`),
    `      risk: ${plain(item.risk.note)}`,
    ...item.rejected.map(({ alternative, why }) => `      not: ${plain(alternative)}, because ${plain(why)}`),
  ];
}

function after({ afterLowMs, afterHighMs }: Recommendation['expected'][number]): string {
  return afterLowMs === undefined || afterHighMs === undefined
    ? ''
    : ` after ${durationRange(afterLowMs, afterHighMs).en}`;
}

function reasons(notEvaluated: CheckReport['jobs'][number]['notEvaluated']): string[] {
  const byReason = new Map<string, string[]>();
  for (const { rule, reason } of notEvaluated) byReason.set(reason, [...(byReason.get(reason) ?? []), rule]);
  return [...byReason].map(([reason, rules]) => `    ${plain(reason)}: ${rules.join(', ')}`);
}

function limit(item: Finding['evidence'][number]): string {
  return item.threshold === undefined ? '' : ` (limit ${item.comparison ?? ''} ${amountOf(item.threshold, item.unit)})`;
}
