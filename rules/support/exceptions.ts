import type { JobFacts } from '../../analyzer/signals/job-facts.js';
import type { Subject } from '../../analyzer/engine/finding.js';
import type { RootCause } from '../../analyzer/signals/exceptions.js';
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
