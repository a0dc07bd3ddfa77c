import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { text } from '../../analyzer/text.js';
import { runningMs } from '../support/facts.js';
import { remark } from '../support/remark.js';
import { vertexSubject } from '../support/subjects.js';

export const wmAfterShuffle = defineRule({
  id: 'wm-after-shuffle',
  category: 'watermark',
  title: text('Event time is told only after an exchange', '交换之后才分配事件时间'),
  severityMax: 'info',
  basis: 'configuration',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['history'],
  options: {},
  detect({ job, nowMs, history }) {
    return history.vertices
      .filter(
        ({ vertexId, name }) =>
          name.startsWith('Timestamps/Watermarks') && isBehindExchange(job.topology.inputsOf(vertexId)),
      )
      .map(({ vertexId, name }) =>
        remark({
          subject: vertexSubject(job, vertexId),
          confidence: 0.7,
          title: text(`${name} sees the partitions mixed`, `${name} 看到的是混合后的分区`),
          summary: text(
            'Records of several partitions arrive in any order there: what one partition has early makes those of another late. In fromSource() the strategy works for each partition, and a silent one can be left out.',
            '多个分区的记录以任意顺序到达：某分区超前会使其他分区的记录变为迟到。在 fromSource() 中策略按分区生效，静默分区也可排除。',
          ),
          evidence: evidence('settingsFound', 1, runningMs(job, nowMs), ['>=', 1]),
          until: text('the strategy is given to the source', '将策略交给源端'),
        }),
      );
  },
  // Where event time is told is a matter of the code.
  advise: () => [],
});

function isBehindExchange(inputs: readonly { readonly shipStrategy: string }[]): boolean {
  return inputs.some(({ shipStrategy }) => shipStrategy === 'REBALANCE' || shipStrategy === 'HASH');
}
