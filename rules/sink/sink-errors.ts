import { evidence } from '../../analyzer/engine/evidence.js';
import type { Verdict } from '../../analyzer/engine/rule.js';
import { defineRule } from '../../analyzer/engine/rule.js';
import type { JobFacts } from '../../analyzer/signals/job-facts.js';
import { present } from '../../analyzer/numbers.js';
import { compact, counted, duration, percent, text } from '../../analyzer/text.js';
import { metricNotRead, mostGrown, NO_SINK, recordsMeanwhile, type Growth } from '../support/operator-metrics.js';
import { vertexSubject } from '../support/subjects.js';

/** The second is the older name of the first (FLIP-33, renamed with 1.15). */
const ERRORS = ['numRecordsSendErrors', 'numRecordsOutErrors'];
const FAILED = ['failedCommittables'];

export const sinkErrors = defineRule({
  id: 'sink-errors',
  category: 'sink',
  title: text('A sink cannot send or commit', 'Sink 发送或提交失败'),
  severityMax: 'critical',
  basis: 'measured',
  opens: 'at-once',
  appliesTo: 'running',
  needs: ['history'],
  options: {
    records: { default: 10, unit: 'records', description: 'failed sends from which it counts; fewer are retries' },
    share: { default: 0.001, unit: 'ratio', description: 'share of the records of the sink that failed' },
  },
  detect({ job, history, nowMs }, limits) {
    const sends = present(history.vertices.map((vertex) => mostGrown(vertex, ERRORS, job, nowMs)));
    const commits = present(history.vertices.map((vertex) => mostGrown(vertex, FAILED, job, nowMs)));
    if (sends.length + commits.length === 0)
      return metricNotRead('numRecordsSendErrors or failedCommittables', NO_SINK);
    const lost = commits.filter(({ grown }) => grown > 0);
    const ids = new Set(lost.map(({ vertex }) => vertex.vertexId));
    return [
      ...lost.map((commit) => commitVerdict(job, commit)),
      ...sends.flatMap((send) => (ids.has(send.vertex.vertexId) ? [] : sendVerdicts(job, send, limits))),
    ];
  },
  // Why the other side refuses is in its own log and in that of the TaskManager.
  advise: () => [],
});

/** A committable that failed for good is logged and given up: its records were written and never become visible. */
function commitVerdict(job: JobFacts, { vertex, grown, windowMs }: Growth): Verdict {
  const name = job.vertexName(vertex.vertexId);
  return {
    severity: 'critical',
    confidence: 0.9,
    subject: vertexSubject(job, vertex.vertexId),
    title: text(`${name}: ${counted(grown, 'commit')} failed for good`, `${name}：${grown} 次提交最终失败`),
    summary: text(
      `In ${duration(windowMs)} that much of what was written was given up and never becomes visible: the records in it are missing at the other side. The log of the committer's TaskManager says why; expired transactions are the usual reason.`,
      `${duration(windowMs)} 内这些已写入的数据被放弃，永远不会可见：对端缺少其中的记录。原因见 committer 所在 TaskManager 的日志，常见原因是事务过期。`,
    ),
    evidence: evidence('failedCommittables', grown, windowMs, ['>', 0]),
    wouldChange: [text('a quarter of an hour without one', '十五分钟内不再出现')],
  };
}

function sendVerdicts(
  job: JobFacts,
  send: Growth,
  limits: { readonly records: number; readonly share: number },
): readonly Verdict[] {
  const all = recordsMeanwhile(send);
  const share = all === undefined ? undefined : Math.min(1, send.grown / all);
  if (send.grown < limits.records || send.grownLast === 0 || (share !== undefined && share < limits.share)) return [];
  const name = job.vertexName(send.vertex.vertexId);
  const much = share === undefined ? compact(send.grown) : percent(share);
  return [
    {
      severity: 'warning',
      confidence: share === undefined ? 0.7 : 0.9,
      subject: vertexSubject(job, send.vertex.vertexId),
      title: text(`${name} fails to send ${much} of its records`, `${name} 有 ${much} 的记录发送失败`),
      summary: text(
        `${compact(send.grown)} sends failed in ${duration(send.windowMs)}, and it goes on. The job runs on: they were tried again, or are lost if the sink is told to go on without them. The sink's log says what the other side answers.`,
        `${duration(send.windowMs)} 内有 ${compact(send.grown)} 次发送失败，且仍在继续。作业仍在运行：这些记录被重试，或因 Sink 设置为忽略错误而丢失。对端的答复见 Sink 日志。`,
      ),
      evidence: [
        ...evidence('sendErrors', send.grown, send.windowMs, ['>=', limits.records]),
        ...evidence('sendErrorShare', share, send.windowMs, ['>=', limits.share]),
      ],
      wouldChange: [text('a look at the counter that finds no more of them', '再次读取计数器时不再增长')],
    },
  ];
}
