import { defineRule } from '../../analyzer/engine/rule.js';
import type { CheckpointSubtask } from '../../collector/model/index.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { compact, duration, text } from '../../analyzer/text.js';
import { median, present } from '../../analyzer/numbers.js';
import { NO_PHASES } from '../support/not-told.js';
import { vertexSubject } from '../support/subjects.js';

export const ckptStraggler = defineRule({
  id: 'ckpt-straggler',
  category: 'checkpoint',
  title: text('One subtask holds up every checkpoint', '某个子任务拖慢每个检查点'),
  severityMax: 'warning',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['checkpoints', 'history'],
  options: {
    factor: { default: 3, unit: 'ratio', description: 'its snapshot over the median of the others' },
    ms: { default: 5000, unit: 'ms', description: 'length of its snapshot from which it matters' },
  },
  detect({ job, checkpoints, history }, limits) {
    const recent = checkpoints.completed.slice(-5).filter(({ details }) => details !== undefined);
    if (recent.length === 0) return { notEvaluated: NO_PHASES };
    const slow = present(recent.map((checkpoint) => stragglerOf(checkpoint.details ?? [], limits)));
    const last = slow.at(-1);
    if (last === undefined) return [];
    // The same one at least three times: otherwise it is chance, or the storage.
    const same = slow.filter(({ vertexId, subtask }) => vertexId === last.vertexId && subtask === last.subtask);
    if (same.length < 3) return [];
    const ms = median(same.map((one) => one.ms)) ?? 0;
    const others = median(same.map((one) => one.othersMs)) ?? 0;
    const sizes = median(same.map(({ sizeRatio }) => sizeRatio)) ?? 1;
    const name = job.vertexName(last.vertexId);
    const vertex = history.vertices.find(({ vertexId }) => vertexId === last.vertexId);
    const where =
      vertex?.subtasks.find(({ subtask }) => subtask === last.subtask)?.samples.at(-1)?.taskManagerId ?? '–';
    const windowMs = Math.max(1, (recent.at(-1)?.triggerMs ?? 0) - (recent[0]?.triggerMs ?? 0));
    return [
      {
        severity: 'warning' as const,
        confidence: 0.85,
        subject: vertexSubject(job, last.vertexId, [last.subtask]),
        title: text(
          `Subtask ${last.subtask} of ${name} takes ${duration(ms)} for its snapshot, the others ${duration(others)}`,
          `${name} 的子任务 ${last.subtask} 快照耗时 ${duration(ms)}，其余为 ${duration(others)}`,
        ),
        summary:
          sizes >= limits.factor
            ? text(
                `Its state is ${compact(sizes)} times that of the others: the keys are uneven.`,
                `它的状态是其余子任务的 ${compact(sizes)} 倍：键分布不均。`,
              )
            : text(
                `Its state is no larger than theirs: look at the machine or disk of TaskManager ${where}.`,
                `它的状态并不更大：请检查 TaskManager ${where} 的机器或磁盘。`,
              ),
        evidence: [
          ...evidence('snapshotMs', ms, windowMs, ['>=', Math.max(limits.ms, limits.factor * others)]),
          ...evidence('othersSnapshotMs', others, windowMs),
        ],
        wouldChange: [
          text('three of five checkpoints in which it is as fast as the others', '五个检查点中有三个与其余一样快'),
        ],
      },
    ];
  },
  // Uneven keys and a slow disk are no settings; the finding says which of the two it is.
  advise: () => [],
});

interface Straggler {
  readonly vertexId: string;
  readonly subtask: number;
  readonly ms: number;
  readonly othersMs: number;
  readonly sizeRatio: number;
}

/**
 * The slowest snapshot (synchronous and asynchronous part) among its siblings. Waits for barriers are left out: every
 * subtask below a bottleneck inherits them (CALIBRATION fact 13).
 */
function stragglerOf(
  details: readonly CheckpointSubtask[],
  { factor, ms: msMin }: { readonly factor: number; readonly ms: number },
): Straggler | undefined {
  const told = details.filter(({ acknowledged }) => acknowledged);
  const ownMs = ({ syncMs = 0, asyncMs = 0 }: CheckpointSubtask): number => syncMs + asyncMs;
  const slowest = told.reduce<CheckpointSubtask | undefined>(
    (most, one) => (most === undefined || ownMs(one) > ownMs(most) ? one : most),
    undefined,
  );
  if (slowest === undefined) return undefined;
  const others = told.filter((one) => one.vertexId === slowest.vertexId && one.subtask !== slowest.subtask);
  const othersMs = median(others.map(ownMs));
  const ms = ownMs(slowest);
  if (othersMs === undefined || ms < msMin || ms < factor * othersMs) return undefined;
  const size = (one: CheckpointSubtask): number => one.checkpointedSizeBytes ?? one.stateSizeBytes ?? 0;
  const othersSize = median(others.map(size)) ?? 0;
  const sizeRatio = othersSize > 0 ? size(slowest) / othersSize : 1;
  return { vertexId: slowest.vertexId, subtask: slowest.subtask, ms, othersMs, sizeRatio };
}
