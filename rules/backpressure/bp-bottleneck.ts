import type { ExplainedBottleneck } from '../../analyzer/graph/cause.js';
import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { capacityOf, planParallelism } from '../../analyzer/tuning/parallelism.js';
import { parallelismAdvice } from '../../analyzer/tuning/advice.js';
import { LOAD_WINDOW_MS } from '../../analyzer/signals/load.js';
import { counted, percent, text, type Text } from '../../analyzer/text.js';
import { CPU_NOT_SEEN } from '../support/not-told.js';
import { holdsBack, pressureCounts, pressureEvidence, pressureSeverity } from '../support/pressure.js';
import { vertexSubject } from '../support/subjects.js';

/** A cause that the readings cannot tell apart from others is never claimed with more than this. */
const UNCLEAR_CONFIDENCE = 0.6;
const CLEAR_CONFIDENCE = 0.9;

export const bpBottleneck = defineRule({
  id: 'bp-bottleneck',
  category: 'backpressure',
  title: text('A vertex holds the job back', '某个顶点拖慢了作业'),
  severityMax: 'critical',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['load', 'bottlenecks', 'lag', 'host', 'slots', 'history'],
  options: {},
  detect({ job, bottlenecks, lag }) {
    if (!pressureCounts(lag)) return [];
    return bottlenecks
      .filter((bottleneck) => bottleneck.kind !== 'source' || holdsBack(bottleneck, lag))
      .map((bottleneck) => {
        const name = job.vertexName(bottleneck.vertexId);
        const why = whyUnclear(bottleneck);
        return {
          severity: holdsBack(bottleneck, lag) ? pressureSeverity(lag) : ('info' as const),
          confidence: bottleneck.cause.kind === 'unclear' ? UNCLEAR_CONFIDENCE : CLEAR_CONFIDENCE,
          subject: vertexSubject(job, bottleneck.vertexId),
          title: text(`${name} is at its limit and holds the job back`, `${name} 已到极限，拖慢了整个作业`),
          summary: text(
            `Its busiest subtask is ${percent(bottleneck.busyMax)} busy` +
              (bottleneck.pressured.length > 0
                ? ` and ${counted(bottleneck.pressured.length, 'vertex upstream waits', 'vertices upstream wait')} for it.`
                : '; nothing waits for it yet.') +
              (why === undefined ? '' : ` ${why.en}`),
            `最忙的子任务繁忙率为 ${percent(bottleneck.busyMax)}` +
              (bottleneck.pressured.length > 0
                ? `，上游有 ${bottleneck.pressured.length} 个顶点在等待。`
                : '，目前还没有顶点在等待。') +
              (why === undefined ? '' : why['zh-CN']),
          ),
          evidence: [
            ...pressureEvidence(bottleneck, lag),
            ...evidence('waitRatio', bottleneck.waitRatio, LOAD_WINDOW_MS),
          ],
          wouldChange: [
            text(
              'its input stops waiting, or its busiest subtask falls under 80 %',
              '上游不再等待，或最忙子任务低于 80 %',
            ),
          ],
          ...(bottleneck.waitRatio === undefined ? { notSeen: [CPU_NOT_SEEN] } : {}),
        };
      });
  },
  advise(finding, { job, load, bottlenecks, lag, history, slots }) {
    const bottleneck = bottlenecks.find(({ vertexId }) => vertexId === finding.subject.vertexId);
    // Where the cause is not clear, more parallelism may not help: then the evidence is the answer, not a guess.
    if (bottleneck?.cause.kind !== 'cpu-bound' || !holdsBack(bottleneck, lag)) return [];
    const plan = planParallelism(bottleneck, capacityOf(job, load, lag), lag, { job, history });
    if (plan === undefined) return [];
    return [
      parallelismAdvice(
        plan,
        { job, history, slots },
        {
          confidence: 0.8,
          prerequisites: [text('each new subtask finds a free core', '每个新增子任务都有空闲的 CPU 核')],
          rejected: [
            {
              alternative: text('faster code in this operator', '优化该算子的代码'),
              why: text(
                'better where it can be had; a flame graph shows where the time goes',
                '能做到则更好；火焰图可显示时间花在哪里',
              ),
            },
          ],
        },
      ),
    ];
  },
});

function whyUnclear({ cause }: ExplainedBottleneck): Text | undefined {
  if (cause.kind !== 'unclear') return undefined;
  switch (cause.why) {
    case 'host-starved':
      return text(
        'The machine itself is short of CPU (long GC pauses or slow snapshots of idle tasks), so waiting and computing look the same: the cause is not certain.',
        '机器本身 CPU 不足（GC 停顿长或空闲任务快照慢），等待与计算无法区分，原因不能确定。',
      );
    case 'no-cpu-time':
      return text(
        'CPU time of the TaskManager is not readable, so the cause is not certain.',
        '读不到 TaskManager 的 CPU 时间，原因不能确定。',
      );
    case 'uneven':
      return text(
        'Only some of its subtasks are full, and their records do not tell why: more subtasks may not help.',
        '只有部分子任务满负荷，而其记录数说明不了原因：增加子任务未必有用。',
      );
    case 'mixed':
      return text('It both computes and waits; neither explains it alone.', '它既在计算也在等待，单一原因不足以解释。');
  }
}
