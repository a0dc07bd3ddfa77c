import { evidence } from '../../analyzer/engine/evidence.js';
import type { Verdict } from '../../analyzer/engine/rule.js';
import { defineRule } from '../../analyzer/engine/rule.js';
import { idleSourcesOf, type IdleSource } from '../../analyzer/signals/idle-source.js';
import { min } from '../../analyzer/numbers.js';
import { duration, text } from '../../analyzer/text.js';
import { vertexSubject } from '../support/subjects.js';

export const srcIdle = defineRule({
  id: 'src-idle',
  category: 'source',
  title: text('A source reads nothing, and nothing waits', '源端没有读取，也没有数据等待'),
  severityMax: 'info',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['load', 'history'],
  options: {
    // Diagnosis §5.8: half an hour, so that producers that work in batches are left alone. L57: no record at all.
    silentSeconds: { default: 1800, unit: 's', description: 'time without a record from which it is said' },
  },
  detect({ job, load, history }, { silentSeconds }) {
    const { idle, told } = idleSourcesOf(history, job, load);
    if (told === 0) return { notEvaluated: READS_NOT_TOLD };
    const found = idle.filter(({ silentMs }) => silentMs >= silentSeconds * 1000);
    const sources = job.topology.vertexIds.filter((id) => job.topology.isSource(id)).length;
    return sources > 1 && found.length === sources
      ? [jobVerdict(found, silentSeconds)]
      : found.map((source) => ({
          ...verdict([source], silentSeconds),
          subject: vertexSubject(job, source.vertexId),
          title: source.neverRead
            ? text(
                `${job.vertexName(source.vertexId)} has not read a record since it started ${duration(source.silentMs)} ago`,
                `${job.vertexName(source.vertexId)} 启动 ${duration(source.silentMs)} 以来没有读到任何记录`,
              )
            : text(
                `${job.vertexName(source.vertexId)} has read nothing for ${duration(source.silentMs)}`,
                `${job.vertexName(source.vertexId)} 已有 ${duration(source.silentMs)} 没有读到记录`,
              ),
        }));
  },
  // Whether records will come only their owner knows: stopping a job that waits for them is no advice.
  advise: () => [],
});

const READS_NOT_TOLD = text('no source tells how many records it reads', '没有源端报告读取的记录数');

/** All of them: the job has nothing to do, which is one matter and not as many as it has sources. */
function jobVerdict(found: readonly IdleSource[], silentSeconds: number): Verdict {
  const silentMs = min(found.map((source) => source.silentMs)) ?? 0;
  return {
    ...verdict(found, silentSeconds),
    subject: { kind: 'job' },
    title: text(
      `The job has had nothing to do for ${duration(silentMs)}: none of its ${found.length} sources reads`,
      `作业已有 ${duration(silentMs)} 无事可做：${found.length} 个源端都没有读取`,
    ),
  };
}

function verdict(found: readonly IdleSource[], silentSeconds: number): Omit<Verdict, 'subject' | 'title'> {
  const silentMs = min(found.map((source) => source.silentMs)) ?? 0;
  const isTold = found.every(({ isLagTold }) => isLagTold);
  return {
    severity: 'info',
    confidence: isTold ? 0.9 : 0.6,
    summary: isTold
      ? text(
          'Nothing waits there either: the producers send nothing, or to another place. If that is expected, the job may rest until they do.',
          '那里也没有数据等待：生产者没有发送，或发往了别处。若符合预期，可以在有数据前停止作业。',
        )
      : text(
          'It does not tell whether records wait. If some should come, look at the name of its topic or table, at where it starts to read, and at the producers.',
          '它没有报告是否有记录在等待。若应当有数据，请检查 topic 或表名、起始读取位置以及生产者。',
        ),
    evidence: [
      ...evidence('silentMs', silentMs, silentMs, ['>=', silentSeconds * 1000]),
      ...(isTold ? evidence('lagRecords', 0, silentMs) : []),
    ],
    wouldChange: [text('a record, or records that wait', '出现一条记录，或有记录在等待')],
  };
}
