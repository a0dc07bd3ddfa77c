import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { CONTENT_MIN } from '../../analyzer/signals/source-skew.js';
import { compact, text } from '../../analyzer/text.js';
import { ofSourceSkew, rebalanceAdvice, sourceSkewEvidence, sourceSkewImpact } from '../support/source-skew-verdict.js';
import { vertexSubject } from '../support/subjects.js';

export const skewSourceContent = defineRule({
  id: 'skew-source-content',
  category: 'skew',
  title: text('A partition carries too much', '某个分区数据过多'),
  severityMax: 'critical',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['load', 'sourceSkew', 'lag'],
  options: {},
  detect: (view) =>
    ofSourceSkew(view, 'content', ({ skew, impact, severity, name, who, work }) => [
      {
        severity,
        confidence: 0.9,
        subject: vertexSubject(view.job, skew.vertexId, skew.subtasks),
        title: text(
          `${name}: the partitions of ${who.en} carry ${compact(skew.maxOverOthers)}× as much as the others`,
          `${name}：${who['zh-CN']} 的分区数据量是其余的 ${compact(skew.maxOverOthers)} 倍`,
        ),
        summary: text(
          `The work stays in the subtask that read the record: ${work.en}. More parallelism does not help: a partition has one reader.`,
          `记录在读取它的子任务中处理：${work['zh-CN']}。提高并行度无效：一个分区只有一个读取者。`,
        ),
        evidence: [
          ...evidence('arrivingOverOthers', skew.maxOverOthers, skew.windowMs, ['>=', CONTENT_MIN]),
          ...sourceSkewEvidence(skew, impact),
        ],
        wouldChange: [text('the records of all readers grow alike', '各读取者的记录增长一致')],
        notSeen: [
          {
            signal: text('partitions', '分区'),
            enableBy: text(
              'the offsets of the partitions, read twice, tell which one it is',
              '两次读取各分区的 offset 即可得知是哪个分区',
            ),
          },
        ],
      },
    ]),
  advise(finding, { job, load, sourceSkew, lag }) {
    const skew = sourceSkew.find(({ vertexId }) => vertexId === finding.subject.vertexId);
    const impact = skew === undefined ? undefined : sourceSkewImpact(skew, job, load, lag);
    if (skew === undefined || impact === undefined || finding.severity === 'info') return [];
    return rebalanceAdvice(skew, impact, { job, load, lag }, [
      {
        alternative: text('more parallelism', '提高并行度'),
        why: text('a partition is read by one subtask, however many there are', '无论多少子任务，一个分区只由一个读取'),
      },
      {
        alternative: text('another partitioner or key at the producer', '更换生产者的分区器或键'),
        why: text(
          'better where the producer is yours; what is written already stays where it is',
          '若能改生产者则更好；已写入的数据仍在原处',
        ),
      },
    ]);
  },
});
