import { defineRule } from '../../analyzer/engine/rule.js';
import { duration, percent, text } from '../../analyzer/text.js';
import { unalignedAdvice } from '../support/barrier-delay.js';
import { dominatedBy, phaseEvidence } from '../support/checkpoint-phase.js';
import { vertexSubject } from '../support/subjects.js';

export const ckptStartDelay = defineRule({
  id: 'ckpt-start-delay',
  category: 'checkpoint',
  title: text('Barriers wait before they reach a vertex', 'barrier 长时间到不了顶点'),
  severityMax: 'warning',
  basis: 'measured',
  opens: 'at-once',
  appliesTo: 'running',
  needs: ['checkpoints', 'lag', 'history', 'configuration'],
  options: {
    share: { default: 0.5, unit: 'ratio', description: 'share of the checkpoint from which this phase dominates it' },
    ms: { default: 5000, unit: 'ms', description: 'length of the phase from which it matters' },
  },
  detect({ job, checkpoints, lag }, limits) {
    const slow = dominatedBy(checkpoints, 'startDelay', limits);
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
          `Checkpoints wait ${duration(ms)} for the barrier to reach ${name}`,
          `检查点要等 ${duration(ms)}，barrier 才到达 ${name}`,
        ),
        summary: text(
          `${percent(share)} of each checkpoint is the barrier queueing behind records that wait for ${name}; snapshot and upload are quick.`,
          `每个检查点有 ${percent(share)} 的时间是 barrier 排在等待 ${name} 的记录之后；快照与上传都很快。`,
        ),
        evidence: phaseEvidence('startDelay', slow, limits),
        wouldChange: [
          text('three of the last five checkpoints pass without this wait', '最近五个检查点中有三个不再出现这种等待'),
        ],
      },
    ];
  },
  advise(_finding, { job, checkpoints, history, configuration }, limits) {
    return unalignedAdvice(checkpoints, dominatedBy(checkpoints, 'startDelay', limits), {
      job,
      history,
      configuration,
    });
  },
});
