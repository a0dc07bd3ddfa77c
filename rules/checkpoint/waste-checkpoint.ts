import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { sum } from '../../analyzer/numbers.js';
import { bytes, compact, duration, text } from '../../analyzer/text.js';
import { paceOf } from '../support/checkpoint-pace.js';
import { runningMs } from '../support/facts.js';
import { A_DAY, remark } from '../support/remark.js';

const DAY_MS = 86_400_000;

export const wasteCheckpoint = defineRule({
  id: 'waste-checkpoint',
  category: 'checkpoint',
  title: text('Checkpoints write the state over and over', '检查点反复写入状态'),
  severityMax: 'info',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['checkpoints', 'history'],
  options: {
    // The catalogue's tenfold is what incremental checkpoints of a lively state write too; a hundredfold is a full copy each quarter of an hour.
    factor: {
      default: 100,
      unit: 'times',
      description: 'bytes written in a day over the state, from which it is said',
    },
    // A full copy of 170 MiB every half minute, which is how small jobs on the heap live, is 470 GiB a day and hurts nobody.
    bytesPerDay: {
      default: 2 * 1024 ** 4,
      unit: 'bytes',
      description: 'bytes written in a day below which it is not worth a word',
    },
    runningMs: A_DAY,
  },
  detect({ job, nowMs, checkpoints, history }, limits) {
    if (runningMs(job, nowMs) < limits.runningMs) return [];
    const pace = paceOf(checkpoints);
    const recent = checkpoints.completed.slice(-(pace?.count ?? 0));
    const state = recent.at(-1)?.stateSizeBytes ?? 0;
    if (
      pace === undefined ||
      state === 0 ||
      recent.some(({ checkpointedSizeBytes }) => checkpointedSizeBytes === undefined)
    )
      return [];
    // The first of them ended the window that the others were written in.
    const written = sum(recent.slice(1).map(({ checkpointedSizeBytes = 0 }) => checkpointedSizeBytes));
    const perDay = (written * DAY_MS) / pace.windowMs;
    if (perDay < limits.bytesPerDay || perDay < limits.factor * state) return [];
    return [
      remark({
        confidence: 0.7,
        title: text(
          `Checkpoints write ${bytes(perDay)} a day for ${bytes(state)} of state`,
          `检查点每天写入 ${bytes(perDay)}，而状态仅 ${bytes(state)}`,
        ),
        summary: text(
          `That is the state ${compact(perDay / state)} times, at one checkpoint in ${duration(pace.windowMs / (pace.count - 1))}. ${history.checkpointConfig?.stateBackend?.match(/rocksdb|forst/i) ? 'Incremental checkpoints or a' : 'A'} longer interval writes less; after a failure more is read again.`,
          `相当于写了 ${compact(perDay / state)} 遍状态，每 ${duration(pace.windowMs / (pace.count - 1))} 一个检查点。增量检查点或更长的间隔可减少写入；故障后需重读更多。`,
        ),
        evidence: [
          ...evidence('writtenBytesPerDay', perDay, pace.windowMs, [
            '>=',
            Math.max(limits.bytesPerDay, limits.factor * state),
          ]),
          ...evidence('checkpointStateBytes', state, pace.windowMs),
        ],
        until: text('fewer or smaller checkpoints', '检查点更少或更小'),
      }),
    ];
  },
  // How much may be read again after a failure only the owner knows; `ckpt-full-rocksdb` advises incremental ones.
  advise: () => [],
});
