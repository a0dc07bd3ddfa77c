import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { bytes, text } from '../../analyzer/text.js';
import { settingOf } from '../support/settings.js';

export const haMissing = defineRule({
  id: 'ha-missing',
  category: 'configuration',
  title: text('The job is lost with its JobManager', 'JobManager 丢失则作业丢失'),
  severityMax: 'info',
  basis: 'configuration',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['configuration', 'history'],
  options: {
    runningMs: { default: 86_400_000, unit: 'ms', description: 'how long the job must have run' },
    stateBytes: { default: 1024 * 1024 * 1024, unit: 'bytes', description: 'state from which it matters' },
  },
  detect({ job, nowMs, configuration, history }, limits) {
    const type = settingOf(configuration, 'high-availability.type', 'high-availability')?.toLowerCase() ?? 'none';
    const heldMs = nowMs - history.detail.startMs;
    const state = history.checkpoints.filter(({ status }) => status === 'COMPLETED').at(-1)?.stateSizeBytes ?? 0;
    if (job.batch || type !== 'none' || heldMs < limits.runningMs || state < limits.stateBytes) return [];
    return [
      {
        severity: 'info' as const,
        confidence: 0.7,
        subject: { kind: 'job' as const },
        title: text(
          `No high availability: ${bytes(state)} of state depends on one JobManager`,
          `未启用高可用：${bytes(state)} 状态依赖单个 JobManager`,
        ),
        summary: text(
          'When its process goes, nobody starts the job again from its last checkpoint.',
          '其进程一旦丢失，不会有人从最近的检查点重启作业。',
        ),
        evidence: [
          ...evidence('runningMs', heldMs, heldMs, ['>=', limits.runningMs]),
          ...evidence('checkpointStateBytes', state, heldMs, ['>=', limits.stateBytes]),
        ],
        wouldChange: [text('high availability is on', '启用高可用')],
      },
    ];
  },
  // Kubernetes or ZooKeeper, and where its storage is, only the owner of the cluster can decide; the page names the options.
  advise: () => [],
});
