import type { JobFacts } from '../../analyzer/signals/job-facts.js';

/** What SQL puts before a sink's own operator and does nothing outside: constraint checks, timestamps. */
const BEFORE_A_SINK = /^(ConstraintEnforcer|StreamRecordTimestampInserter)\b/;
/** `orders: Writer` (sinks of 1.15 and later), `Sink: orders` (the old kind); `print_it: Committer` comes behind a writer. */
const SINK = /(: (Writer|Committer)$)|(^Sink: )|(^Sink\()/;

/** Whether a vertex does nothing but write: where work is chained before the sink, its name does not tell which of them waits. */
export function onlyWrites(job: Pick<JobFacts, 'topology' | 'vertexName'>, vertexId: string): boolean {
  if (!job.topology.isSink(vertexId)) return false;
  const operators = job
    .vertexName(vertexId)
    .split(' -> ')
    .map((operator) => operator.replace(/^\(|\)$/g, ''));
  return operators.every((operator) => SINK.test(operator) || BEFORE_A_SINK.test(operator));
}
