import type { JobFacts } from '../../analyzer/signals/job-facts.js';
import type { Subject } from '../../analyzer/engine/finding.js';
import { listed, text, type Text } from '../../analyzer/text.js';

export function vertexSubject(job: JobFacts, vertexId: string, subtasks?: readonly number[]): Subject {
  return {
    kind: subtasks === undefined || subtasks.length === 0 ? 'vertex' : 'subtask',
    vertexId,
    vertexName: job.vertexName(vertexId),
    ...(subtasks === undefined || subtasks.length === 0 ? {} : { subtasks }),
  };
}

/** "subtask 3" or "subtasks 1 and 4". */
export function subtaskNames(subtasks: readonly number[]): Text {
  const names = listed(subtasks);
  return text(`subtask${subtasks.length === 1 ? '' : 's'} ${names.en}`, `子任务 ${names['zh-CN']}`);
}
