import { evidence } from '../../analyzer/engine/evidence.js';
import { defineRule } from '../../analyzer/engine/rule.js';
import { RECENT_CHECKPOINTS } from '../../analyzer/signals/checkpoints.js';
import { stateSkewsOf } from '../../analyzer/signals/state-skew.js';
import { bytes, compact, duration, text } from '../../analyzer/text.js';
import { isOnDisk } from '../support/facts.js';
import { NO_PHASES } from '../support/not-told.js';
import { vertexSubject } from '../support/subjects.js';

export const skewState = defineRule({
  id: 'skew-state',
  category: 'skew',
  title: text('One subtask holds most of the state', '某个子任务持有大部分状态'),
  severityMax: 'warning',
  basis: 'measured',
  opens: 'at-once',
  appliesTo: 'running',
  needs: ['checkpoints', 'history'],
  options: {
    // L39: 42 times; key groups alone make 2 at most. Diagnosis §5.2 says 3.
    factor: { default: 3, unit: 'ratio', description: 'its state over the median of the others' },
    // L39: 110 MB took 11 s. What is smaller costs no checkpoint much.
    bytes: { default: 100_000_000, unit: 'bytes', description: 'its state from which it matters' },
    // The length from which ckpt-straggler counts: L39 12 s; below it the larger state holds nothing up yet.
    slowMs: { default: 5000, unit: 'ms', description: 'length of its snapshot from which it is a warning' },
  },
  detect({ job, checkpoints, history }, limits) {
    const recent = checkpoints.completed.slice(-RECENT_CHECKPOINTS).filter(({ details }) => details !== undefined);
    if (recent.length === 0) return { notEvaluated: NO_PHASES };
    const { flinkVersion: version } = job;
    if (version !== undefined && version.major === 1 && version.minor < 15 && isOnDisk(history))
      return { notEvaluated: DELTA_ONLY };
    return stateSkewsOf(recent, limits).map((skew) => {
      const name = job.vertexName(skew.vertexId);
      const others =
        skew.othersBytes === 0 ? text('none', '没有状态') : text(bytes(skew.othersBytes), bytes(skew.othersBytes));
      const times = skew.othersBytes === 0 ? undefined : compact(skew.bytes / skew.othersBytes);
      return {
        severity: skew.snapshotMs >= limits.slowMs ? ('warning' as const) : ('info' as const),
        confidence: 0.9,
        subject: vertexSubject(job, skew.vertexId, [skew.subtask]),
        title: text(
          `Subtask ${skew.subtask} of ${name} holds ${bytes(skew.bytes)} of state, the others ${others.en}`,
          `${name} 的子任务 ${skew.subtask} 持有 ${bytes(skew.bytes)} 状态，其余为 ${others['zh-CN']}`,
        ),
        summary: text(
          `${times === undefined ? 'All of it is there' : `That is ${times} times as much`}, at each checkpoint; its snapshot takes ${duration(skew.snapshotMs)}, theirs ${duration(skew.othersSnapshotMs)}. More subtasks do not divide a key: spread large keys over several (a bucket in the key, joined again later), keep lists as MapState or ListState instead of one value, and let old entries expire (StateTtlConfig).`,
          `${times === undefined ? '状态全部在那里' : `是其余的 ${times} 倍`}，每个检查点都如此；其快照耗时 ${duration(skew.snapshotMs)}，其余为 ${duration(skew.othersSnapshotMs)}。增加子任务无法拆分单个键：请把大键分散到多个桶（在键中加入桶号，之后再合并），用 MapState 或 ListState 代替单个大值，并让旧条目过期（StateTtlConfig）。`,
        ),
        evidence: [
          ...evidence('stateSizeBytes', skew.bytes, skew.windowMs, [
            '>=',
            Math.max(limits.bytes, limits.factor * skew.othersBytes),
          ]),
          ...evidence('othersStateBytes', skew.othersBytes, skew.windowMs),
          ...evidence('snapshotMs', skew.snapshotMs, skew.windowMs, ['>=', limits.slowMs]),
        ],
        wouldChange: [
          text('three of five checkpoints in which it holds as much as the others', '五个检查点中有三个与其余一样大'),
        ],
      };
    });
  },
  // What makes a key large is code: no setting divides it.
  advise: () => [],
});

const DELTA_ONLY = text(
  'before Flink 1.15 the size of an incremental checkpoint is what it wrote, not the state',
  'Flink 1.15 之前，增量检查点的大小是其写入量而非状态大小',
);
