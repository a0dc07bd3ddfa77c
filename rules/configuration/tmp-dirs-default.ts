import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { bytes, text } from '../../analyzer/text.js';
import { runningMs, isOnDisk } from '../support/facts.js';
import { settingOf } from '../support/settings.js';

export const tmpDirsDefault = defineRule({
  id: 'tmp-dirs-default',
  category: 'configuration',
  title: text('RocksDB works in the temporary directory of the system', 'RocksDB 使用系统临时目录'),
  severityMax: 'info',
  basis: 'configuration',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['history', 'configuration', 'checkpoints'],
  options: {
    stateBytes: { default: 1024 * 1024 * 1024, unit: 'bytes', description: 'state from which the disk matters' },
  },
  detect({ job, nowMs, configuration, history, checkpoints }, limits) {
    const state = checkpoints.lastCompleted?.stateSizeBytes ?? 0;
    const own = settingOf(configuration, 'state.backend.rocksdb.localdir', 'state.backend.forst.local-dir');
    const shared = settingOf(configuration, 'io.tmp.dirs', 'taskmanager.tmp.dirs') ?? '/tmp';
    if (!isOnDisk(history) || state < limits.stateBytes || own !== undefined || !/^\/tmp\/?$/.test(shared)) return [];
    return [
      {
        severity: 'info' as const,
        confidence: 0.6,
        subject: { kind: 'job' as const },
        title: text(`RocksDB keeps ${bytes(state)} in /tmp`, `RocksDB 将 ${bytes(state)} 状态放在 /tmp`),
        summary: text(
          'That is often the disk of the system, or the writable layer of a container: small, slow, and shared with logs.',
          '那里通常是系统盘或容器的可写层：小、慢，并与日志共用。',
        ),
        evidence: evidence('checkpointStateBytes', state, runningMs(job, nowMs), ['>=', limits.stateBytes]),
        wouldChange: [text('a directory of its own is set', '设置专用目录')],
      },
    ];
  },
  // Which disks there are only the owner of the machines knows; the page names the options.
  advise: () => [],
});
