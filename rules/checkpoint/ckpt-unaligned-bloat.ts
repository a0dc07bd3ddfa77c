import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { bytes, text } from '../../analyzer/text.js';
import { median, present } from '../../analyzer/numbers.js';

export const ckptUnalignedBloat = defineRule({
  id: 'ckpt-unaligned-bloat',
  category: 'checkpoint',
  title: text('Unaligned checkpoints are full of records in flight', '非对齐检查点充满在途数据'),
  severityMax: 'warning',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['checkpoints'],
  options: {
    bytes: {
      default: 1024 * 1024 * 1024,
      unit: 'bytes',
      description: 'records in flight that are too much whatever the state',
    },
    floorBytes: { default: 100 * 1024 * 1024, unit: 'bytes', description: 'less in flight than this is never much' },
    share: { default: 0.5, unit: 'ratio', description: 'share of what is written' },
  },
  detect({ checkpoints }, limits) {
    if (checkpoints.config?.unaligned !== true) return [];
    const recent = checkpoints.completed.slice(-5);
    if (recent.length > 0 && recent.every(({ persistedBytes }) => persistedBytes === undefined))
      return { notEvaluated: NOT_TOLD };
    const large = recent.filter(({ persistedBytes = 0, checkpointedSizeBytes, stateSizeBytes }) => {
      const written = Math.max(checkpointedSizeBytes ?? stateSizeBytes, persistedBytes);
      return (
        persistedBytes >= limits.bytes ||
        (persistedBytes >= limits.floorBytes && persistedBytes >= limits.share * written)
      );
    });
    const first = large[0];
    const last = large.at(-1);
    if (first === undefined || last === undefined || large.length < 3) return [];
    const windowMs = last.triggerMs + last.durationMs - first.triggerMs;
    const size = median(present(large.map(({ persistedBytes }) => persistedBytes))) ?? 0;
    return [
      {
        severity: 'warning' as const,
        confidence: 0.8,
        subject: { kind: 'job' as const },
        title: text(
          `Each checkpoint writes ${bytes(size)} of records in flight`,
          `每个检查点写入 ${bytes(size)} 在途数据`,
        ),
        summary: text(
          'Unaligned checkpoints store what waits in the buffers. It is uploaded, and read again before a restart goes on.',
          '非对齐检查点会保存缓冲中等待的数据：既要上传，重启时也要先读回。',
        ),
        evidence: evidence('persistedBytes', size, windowMs, ['>=', Math.min(limits.bytes, limits.floorBytes)]),
        wouldChange: [text('less waits between the operators', '算子之间等待的数据变少')],
      },
    ];
  },
  // What waits in front of operators goes away with the bottleneck; the page names the options that bound it meanwhile.
  advise: () => [],
});

const NOT_TOLD = text(
  'persisted_data of the checkpoints is not told by this Flink',
  '此版本 Flink 的检查点没有 persisted_data',
);
