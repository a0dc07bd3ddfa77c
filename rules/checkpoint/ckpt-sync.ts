import { defineRule } from '../../analyzer/engine/rule.js';
import { labelOf } from '../../analyzer/engine/evidence.js';
import { NO_COST } from '../../analyzer/engine/recommendation.js';
import { max, present } from '../../analyzer/numbers.js';
import { diffsFor, optionChange } from '../../analyzer/tuning/advice.js';
import { checkpointIntervalMs } from '../../analyzer/tuning/checkpoint-interval.js';
import { duration, percent, text } from '../../analyzer/text.js';
import { dominatedBy, phaseEvidence } from '../support/checkpoint-phase.js';
import { vertexSubject } from '../support/subjects.js';

export const ckptSync = defineRule({
  id: 'ckpt-sync',
  category: 'checkpoint',
  title: text('Snapshots block the task', '快照阻塞了任务'),
  severityMax: 'warning',
  basis: 'measured',
  opens: 'at-once',
  appliesTo: 'running',
  needs: ['checkpoints', 'history', 'configuration'],
  options: {
    share: {
      default: 0.3,
      unit: 'ratio',
      description: 'share of the checkpoint from which the synchronous part dominates it',
    },
    ms: { default: 1000, unit: 'ms', description: 'length of the synchronous part from which it matters' },
  },
  detect({ job, checkpoints }, limits) {
    const slow = dominatedBy(checkpoints, 'sync', limits);
    if (slow === undefined) return [];
    const { vertexId, ms } = slow;
    const name = job.vertexName(vertexId);
    const lost = lostShare(ms, checkpoints.config?.intervalMs);
    return [
      {
        severity: 'warning' as const,
        confidence: 0.95,
        subject: vertexSubject(job, vertexId),
        title: text(
          `${name} stands still for ${duration(ms)} at each checkpoint`,
          `每个检查点 ${name} 停顿 ${duration(ms)}`,
        ),
        summary: text(
          `The synchronous part of its snapshot stops processing${lost === undefined ? '' : `: ${percent(lost)} of its time`}. Usual reasons: a flush or a slow call in snapshotState, heap timers, a large operator list state.`,
          `快照的同步部分会停止处理${lost === undefined ? '' : `，占其时间的 ${percent(lost)}`}。常见原因：snapshotState 中的刷写或慢调用、堆上定时器、很大的算子列表状态。`,
        ),
        evidence: phaseEvidence('sync', slow, limits),
        wouldChange: [
          text(
            'three of the last five checkpoints have a synchronous part under the limit',
            '最近五个检查点中有三个的同步部分低于阈值',
          ),
        ],
      },
    ];
  },
  advise(_finding, { job, checkpoints, history, configuration }, limits) {
    const slow = dominatedBy(checkpoints, 'sync', limits);
    const { config } = checkpoints;
    const ms = max(present((slow?.anatomies ?? []).map(({ phases }) => phases.sync?.ms)));
    const intervalMs = config?.intervalMs;
    if (ms === undefined || intervalMs === undefined) return [];
    const durationMs = max((slow?.anatomies ?? []).map((anatomy) => anatomy.durationMs)) ?? ms;
    const wantedMs = checkpointIntervalMs(ms, durationMs);
    if (wantedMs <= intervalMs) return [];
    const changes = [
      {
        ...optionChange('job', 'execution.checkpointing.interval', `${wantedMs / 1000} s`, configuration),
        from: `${intervalMs / 1000} s`,
      },
    ];
    const lost = ms / (intervalMs + ms);
    const then = ms / (wantedMs + ms);
    return [
      {
        kind: 'checkpoint',
        title: text(
          `Take checkpoints every ${duration(wantedMs)} instead of ${duration(intervalMs)}, and move the blocking work out of snapshotState`,
          `检查点间隔从 ${duration(intervalMs)} 改为 ${duration(wantedMs)}，并把阻塞工作移出 snapshotState`,
        ),
        changes,
        diffs: diffsFor(changes, { job, history }),
        expected: [
          {
            metric: 'stallShare',
            label: text('time lost to snapshots', '快照占用的时间'),
            from: lost,
            to: then,
            low: then * 0.8,
            high: then * 1.2,
            unit: 'ratio',
          },
        ],
        cost: NO_COST,
        prerequisites: [
          text(
            `after a failure up to ${duration(wantedMs)} of input may be read again`,
            `故障后最多需重读 ${duration(wantedMs)} 的输入`,
          ),
        ],
        risk: {
          restart: 'job',
          stateLoss: false,
          note: text(
            'more input is read again after a failure; transactional sinks publish later',
            '故障后重读更多；事务型 sink 发布更晚',
          ),
        },
        verify: [{ metric: 'syncMs', label: labelOf('syncMs'), comparison: '<', target: limits.ms, unit: 'ms' }],
        rejected: [
          {
            alternative: text('unaligned checkpoints', '非对齐检查点'),
            why: text(
              'they shorten the wait for barriers, not the snapshot itself',
              '它缩短的是 barrier 等待，不是快照本身',
            ),
          },
          {
            alternative: text('more upload threads or faster storage', '更多上传线程或更快的存储'),
            why: text('the time is lost before the upload begins', '时间在上传开始之前就已损失'),
          },
        ],
        confidence: 0.8,
        sources: ['https://nightlies.apache.org/flink/flink-docs-stable/docs/ops/state/large_state_tuning/'],
      },
    ];
  },
});

function lostShare(syncMs: number, intervalMs: number | undefined): number | undefined {
  return intervalMs === undefined ? undefined : syncMs / (intervalMs + syncMs);
}
