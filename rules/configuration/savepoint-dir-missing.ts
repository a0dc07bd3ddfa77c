import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { text } from '../../analyzer/text.js';
import { settingOf } from '../support/settings.js';

export const savepointDirMissing = defineRule({
  id: 'savepoint-dir-missing',
  category: 'configuration',
  title: text('Savepoints have no place', '未设置保存点目录'),
  severityMax: 'info',
  basis: 'configuration',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['configuration', 'history'],
  options: {
    // As long as `ha-missing` waits: what is tried out for an hour is thrown away.
    runningMs: { default: 86_400_000, unit: 'ms', description: 'how long the job must have run' },
  },
  detect({ job, nowMs, configuration, history }, limits) {
    // A job that takes no checkpoints has nothing that a savepoint would keep.
    const takesCheckpoints = history.checkpointConfig?.intervalMs !== undefined;
    const heldMs = nowMs - history.detail.startMs;
    if (job.batch || !takesCheckpoints || heldMs < limits.runningMs || settingOf(configuration, ...KEYS) !== undefined)
      return [];
    return [
      {
        severity: 'info' as const,
        confidence: 0.9,
        subject: { kind: 'job' as const },
        title: text('No directory for savepoints is set', '未设置保存点目录'),
        summary: text(
          'A savepoint, or a stop with one, fails unless whoever asks for it names a directory: so do upgrades and rescales of tools that rely on it.',
          '除非请求时指定目录，否则触发保存点或带保存点停止都会失败，依赖它的升级与伸缩工具也会失败。',
        ),
        evidence: [
          ...evidence('settingsFound', 0, heldMs, ['=', 0]),
          ...evidence('runningMs', heldMs, heldMs, ['>=', limits.runningMs]),
        ],
        wouldChange: [text('a directory is set', '设置目录')],
      },
    ];
  },
  // Which storage outlives the cluster only its owner knows; the page names the option.
  advise: () => [],
});

/** The later ones are its names before 1.20, which are still read. */
const KEYS = [
  'execution.checkpointing.savepoint-dir',
  'state.savepoints.dir',
  'savepoints.state.backend.fs.dir',
] as const;
