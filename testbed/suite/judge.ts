import type { Expectation } from '../scenario.js';
import type { Finding, Recommendation } from './weir-api.js';

/** The operators chained into a vertex, from names such as `Source: src -> (map, agg -> sink: Writer)`. */
export function operatorsOf(vertexName: string): string[] {
  return vertexName
    .split(/->|,|[()[\]]/)
    .map((part) =>
      part
        .trim()
        .replace(/^(Source|Sink): /, '')
        .replace(/: (Writer|Committer)$/, ''),
    )
    .filter((part) => part !== '');
}

export function isOnOperator(vertexName: string | undefined, operator: string): boolean {
  return vertexName !== undefined && operatorsOf(vertexName).includes(operator);
}

/** The right rule on the right vertex and, where the construction fixes them, the right subtasks. */
export function isExpected(finding: Finding, expect: Expectation): boolean {
  const { vertexName, subtasks } = finding.subject;
  return (
    finding.rule === expect.rule &&
    (expect.operator === undefined || isOnOperator(vertexName, expect.operator)) &&
    (expect.subtasks === undefined || sameNumbers(subtasks ?? [], expect.subtasks))
  );
}

export function findExpected(firing: readonly Finding[], expect: Expectation): Finding | undefined {
  return firing.find((f) => f.role === 'root' && f.state === 'firing' && isExpected(f, expect));
}

/** In a look of seconds a verdict may still be pending; what counts is that it is named. */
export function namesExpected(findings: readonly Finding[], expect: Expectation): boolean {
  return findings.some((f) => f.role === 'root' && f.state !== 'resolved' && isExpected(f, expect));
}

/** A measured finding of weight. Advice on the configuration is true of every test cluster and judged elsewhere. */
export function isAlarm(finding: Finding): boolean {
  return finding.state === 'firing' && finding.basis === 'measured' && finding.severity !== 'info';
}

/** Roots that send the reader the wrong way. For a healthy job even a symptom is one too many. */
export function wrongFindings(firing: readonly Finding[], expect: Expectation): Finding[] {
  const alarms = firing.filter(isAlarm);
  if (expect.rule === undefined) return alarms;
  return alarms.filter(
    (f) =>
      (f.role === 'root' && !isExpected(f, expect) && !expect.alsoTrue?.includes(f.rule)) ||
      (f.role === 'root' && expect.mustNot?.includes(f.rule)),
  );
}

export function missingSymptoms(firing: readonly Finding[], expect: Expectation): string[] {
  return (expect.symptoms ?? []).filter((rule) => !firing.some((f) => f.rule === rule && f.state === 'firing'));
}

/** Why the advice does not fit the construction; undefined when it does. */
export function adviceProblem(advice: readonly Recommendation[], expect: Expectation): string | undefined {
  if (expect.parallelismHelps === undefined) return undefined;
  const raises = advice
    .filter((r) => r.kind === 'parallelism')
    .flatMap((r) => r.changes)
    .filter((c) => Number(c.to) > Number(c.from));
  if (!expect.parallelismHelps) {
    return raises.length === 0
      ? undefined
      : `advises more parallelism (${describeRaise(raises[0])}), which cannot help`;
  }
  const { operator } = expect;
  const fits = raises.some((c) => operator === undefined || isOnOperator(c.vertexName, operator));
  return fits ? undefined : `does not advise more parallelism for ${operator ?? 'the job'}`;
}

export function describeFinding(finding: Finding): string {
  const { vertexName, subtasks } = finding.subject;
  const where = vertexName === undefined ? '' : ` on '${vertexName}'`;
  const which = subtasks?.length ? `[${subtasks.join(',')}]` : '';
  return `${finding.rule} (${finding.severity})${where}${which}`;
}

function describeRaise(change: Recommendation['changes'][number] | undefined): string {
  return change === undefined
    ? ''
    : `${change.vertexName ?? change.scope} ${String(change.from)} to ${String(change.to)}`;
}

function sameNumbers(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && [...a].sort((x, y) => x - y).join() === [...b].sort((x, y) => x - y).join();
}
