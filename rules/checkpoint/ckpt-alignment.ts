import { defineRule } from '../../analyzer/engine/rule.js';
import { duration, percent, text } from '../../analyzer/text.js';
import { unalignedAdvice } from '../support/barrier-delay.js';
import { dominatedBy, phaseEvidence } from '../support/checkpoint-phase.js';
import { vertexSubject } from '../support/subjects.js';

export const ckptAlignment = defineRule({
  id: 'ckpt-alignment',
  category: 'checkpoint',
  title: text('Barriers of several inputs arrive far apart', '多个输入的 barrier 到达时间相差很大'),
  severityMax: 'warning',
  basis: 'measured',
  opens: 'at-once',
  appliesTo: 'running',
  needs: ['checkpoints', 'lag', 'history', 'configuration'],
  options: {
    share: { default: 0.4, unit: 'ratio', description: 'share of the checkpoint from which this phase dominates it' },
    ms: { default: 3000, unit: 'ms', description: 'length of the phase from which it matters' },
  },
  detect({ job, checkpoints, lag }, limits) {
    const slow = dominatedBy(checkpoints, 'alignment', limits);
    if (slow === undefined) return [];
    const { vertexId, ms, share } = slow;
    const name = job.vertexName(vertexId);
    return [
      {
        // While a backlog is worked off, full buffers are expected (gate G2).
        severity: lag.phase === 'catching-up' || lag.phase === 'unknown' ? ('info' as const) : ('warning' as const),
        confidence: 0.9,
        subject: vertexSubject(job, vertexId),
        title: text(
          `Checkpoints spend ${duration(ms)} waiting for the slower input at or below ${name}`,
          `检查点在 ${name} 或其下游为较慢的输入等待 ${duration(ms)}`,
        ),
        summary: text(
          `${percent(share)} of each checkpoint is alignment: one input has delivered its barrier, another is late.`,
          `每个检查点有 ${percent(share)} 的时间在对齐：一个输入的 barrier 已到，另一个迟到。`,
        ),
        evidence: phaseEvidence('alignment', slow, limits),
        wouldChange: [
          text('three of the last five checkpoints pass without this wait', '最近五个检查点中有三个不再出现这种等待'),
        ],
      },
    ];
  },
  advise(_finding, { job, checkpoints, history, configuration }, limits) {
    return unalignedAdvice(checkpoints, dominatedBy(checkpoints, 'alignment', limits), { job, history, configuration });
  },
});
