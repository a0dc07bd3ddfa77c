import type { Outcome } from './run-scenario.js';

const HEAD = ['scenario', 'Flink', 'expected', 'found', 'vertex', 'subtasks', 'seconds', 'verdict'];

export function renderTable(outcomes: readonly Outcome[]): string {
  const rows = [HEAD, ...outcomes.map(cells)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const failures = outcomes.flatMap((o) => [
    ...o.reasons.map((reason) => `${o.scenario} (${o.flink}): ${reason}`),
    ...(o.reasons.length && o.workDir ? [`    logs: ${o.workDir}`] : []),
  ]);
  const advice = outcomes.flatMap((o) => (o.advice ?? []).map((one) => `${o.scenario} (${o.flink}): ${one}`));
  return [
    ...lines,
    ...section('What `weir check` proposed on the same jobs', advice),
    ...section('Failures', failures),
  ].join('\n');
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `${title}:`, ...lines];
}

/** A scenario without an outcome was skipped, and that is a failure: silence must not look like success. */
export function summary(outcomes: readonly Outcome[], chosen: number): { line: string; failed: number } {
  const passed = outcomes.filter((o) => o.passed).length;
  const failed = chosen - passed;
  return { line: `${passed} passed, ${failed} failed`, failed };
}

function cells(o: Outcome): string[] {
  return [
    o.scenario,
    o.flink,
    o.expected,
    o.found ?? '-',
    o.vertex ?? '-',
    o.subtasks?.join(',') ?? '-',
    o.seconds === undefined ? '-' : o.seconds.toFixed(0),
    o.passed ? 'passed' : 'FAILED',
  ];
}
