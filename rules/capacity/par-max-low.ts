import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { text } from '../../analyzer/text.js';
import { isKeyedVertex, runningMs } from '../support/facts.js';
import { vertexSubject } from '../support/subjects.js';

export const parMaxLow = defineRule({
  id: 'par-max-low',
  category: 'capacity',
  title: text('There is hardly room to scale out', '几乎没有扩容空间'),
  severityMax: 'info',
  basis: 'configuration',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['history'],
  options: {
    factor: {
      default: 2,
      unit: 'ratio',
      description: 'max parallelism over parallelism below which there is hardly room',
    },
  },
  detect({ job, nowMs, history }, { factor }) {
    const tight = history.vertices.filter(
      ({ vertexId, parallelism = 1, maxParallelism }) =>
        // One of one is no limit but a choice: windowAll, a global sort.
        maxParallelism !== undefined &&
        maxParallelism > 1 &&
        parallelism > 1 &&
        maxParallelism < factor * parallelism &&
        isKeyedVertex(job, vertexId),
    );
    const heldMs = runningMs(job, nowMs);
    return tight.map(({ vertexId, parallelism = 1, maxParallelism = 1 }) => ({
      severity: 'info' as const,
      confidence: 0.9,
      subject: vertexSubject(job, vertexId),
      title: text(
        `${job.vertexName(vertexId)} runs ${parallelism} of at most ${maxParallelism} subtasks`,
        `${job.vertexName(vertexId)} 运行 ${parallelism} 个子任务，上限为 ${maxParallelism}`,
      ),
      summary: text(
        'It cannot be doubled, and the limit cannot be raised without losing its state. Plan it for the next fresh start.',
        '无法翻倍，且提高上限会丢失状态。请在下次全新启动时规划。',
      ),
      evidence: [
        ...evidence('maxParallelism', maxParallelism, heldMs, ['<', factor * parallelism]),
        ...evidence('parallelism', parallelism, heldMs),
      ],
      wouldChange: [text('a higher max parallelism, at a fresh start', '全新启动时设置更高的最大并行度')],
    }));
  },
  // The limit belongs to the state: there is no option that may be changed under it.
  advise: () => [],
});
