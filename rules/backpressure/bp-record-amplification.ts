import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { LOAD_WINDOW_MS } from '../../analyzer/signals/load.js';
import { compact, text } from '../../analyzer/text.js';
import { holdsBack, pressureCounts } from '../support/pressure.js';
import { remark } from '../support/remark.js';
import { vertexSubject } from '../support/subjects.js';

export const bpRecordAmplification = defineRule({
  id: 'bp-record-amplification',
  category: 'backpressure',
  title: text('A vertex makes many records of one before the bottleneck', '瓶颈之前有顶点把一条记录变成多条'),
  severityMax: 'info',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['bottlenecks', 'load', 'lag'],
  options: {
    factor: { default: 10, unit: 'times', description: 'records out over records in from which it is said' },
    minPerSecond: { default: 10, unit: 'records/s', description: 'records in below which a ratio is chance' },
  },
  detect({ job, bottlenecks, load, lag }, { factor, minPerSecond }) {
    if (bottlenecks.length === 0 || !pressureCounts(lag)) return [];
    return bottlenecks
      .filter((bottleneck) => holdsBack(bottleneck, lag))
      .flatMap(({ vertexId: bottleneckId }) =>
        job.topology.inputsOf(bottleneckId).flatMap(({ fromVertexId }) => {
          const { recordsInPerSecond: came = 0, recordsOutPerSecond: went = 0 } = load.get(fromVertexId) ?? {};
          if (came < minPerSecond || went < factor * came) return [];
          const [name, next] = [job.vertexName(fromVertexId), job.vertexName(bottleneckId)];
          return [
            remark({
              subject: vertexSubject(job, fromVertexId),
              title: text(
                `${name} makes ${compact(went / came)} records of one, and ${next} cannot keep up`,
                `${name} 将一条记录变成 ${compact(went / came)} 条，而 ${next} 跟不上`,
              ),
              summary: text(
                'What can be filtered or added up before it is spread out need not be shipped and worked on. If all of it is wanted, the vertex behind it must be sized for the larger number.',
                '可在展开之前过滤或聚合的记录无需传输与处理。若全部需要，则应按放大后的数量规划下游。',
              ),
              evidence: [
                ...evidence('recordsOutOverIn', went / came, LOAD_WINDOW_MS, ['>=', factor]),
                ...evidence('recordsPerSecond', came, LOAD_WINDOW_MS, ['>=', minPerSecond]),
              ],
              until: text('fewer records for one, or a bottleneck less', '放大减少或瓶颈消失'),
            }),
          ];
        }),
      );
  },
  // The size of the vertex behind it `par-under` and the bottleneck's own rule say.
  advise: () => [],
});
