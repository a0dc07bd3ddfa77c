import type { JobFacts } from '../../analyzer/signals/job-facts.js';
import type { Subject } from '../../analyzer/engine/finding.js';
import type { ExceptionGroup, RootCause } from '../../analyzer/signals/exceptions.js';
import { isClassLoading } from '../../analyzer/signals/failure-causes.js';
import { text, type Text } from '../../analyzer/text.js';
import { maskMessage } from '../../analyzer/signals/exceptions.js';
import { vertexSubject } from './subjects.js';

const MESSAGE_LENGTH_MAX = 120;

/** "IllegalStateException: injected failure #": short class, masked message. The same text in every language. */
export function causeText({ exceptionClass, message }: RootCause): string {
  const name = exceptionClass.split('.').at(-1) ?? exceptionClass;
  const said = maskMessage(message).slice(0, MESSAGE_LENGTH_MAX);
  return said === '' ? name : `${name}: ${said}`;
}

/** The vertex of a failed task: Flink says `map (1/2) - execution #3`. The job, when no vertex has that name. */
export function taskSubject(job: JobFacts, taskName: string | undefined): Subject {
  const name = taskName?.replace(/ \(\d+\/\d+\).*$/, '');
  const vertexId = job.topology.vertexIds.find((id) => job.vertexName(id) === name);
  return vertexId === undefined ? { kind: 'job' } : vertexSubject(job, vertexId);
}

/**
 * What a group of failures looks like, beyond its cause: classes from two jars, or one record that comes again with every
 * restart. The latter only where nothing gets on: the same place of user code, read again from the same checkpoint.
 */
export function lookOf(group: ExceptionGroup, isStuck: boolean): Text | undefined {
  if (isClassLoading(group.stacktrace)) {
    return text(
      'It is a fault of class loading, not of the code: two jars or two class loaders have the class. Shade the dependency or load it from one place (classloader.parent-first-patterns.additional).',
      '这是类加载问题而非代码逻辑：该类存在于两个 jar 或两个类加载器中。请 shade 该依赖或只从一处加载（classloader.parent-first-patterns.additional）。',
    );
  }
  if (!isStuck || group.cause.userFrame === undefined || group.kind !== 'user') return undefined;
  return text(
    'The same place fails each time it reads on from the last checkpoint: that is what a record it cannot process looks like.',
    '每次从最近的检查点继续读取都在同一处失败：很可能有一条无法处理的记录。',
  );
}
