import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { text } from '../../analyzer/text.js';
import { isOnDisk, runningMs } from '../support/facts.js';
import { remark } from '../support/remark.js';
import { settingOf } from '../support/settings.js';

/** Shared or not a disk at all, by its usual name. */
const UNFIT = /(?:^|[:,])(?:file:\/\/)?\/(?:dev\/shm|run\/shm|(?:mnt\/|var\/)?(?:nfs|efs|gluster|cephfs)\b)/i;

export const rocksdbLocaldir = defineRule({
  id: 'rocksdb-localdir',
  category: 'state',
  title: text('RocksDB works on a directory that is no local disk', 'RocksDB 的目录不是本地磁盘'),
  severityMax: 'warning',
  basis: 'configuration',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['history'],
  options: {},
  detect({ job, nowMs, history }) {
    if (!isOnDisk(history)) return [];
    const own = settingOf(history.configuration, 'state.backend.rocksdb.localdir', 'state.backend.forst.local-dir');
    const directory = own ?? settingOf(history.configuration, 'io.tmp.dirs', 'taskmanager.tmp.dirs');
    if (directory === undefined || !UNFIT.test(directory)) return [];
    return [
      {
        ...remark({
          confidence: 0.7,
          title: text(`RocksDB works in ${directory}`, `RocksDB 工作在 ${directory}`),
          summary: text(
            'A network file system makes each read a round trip; shared memory is memory that no budget of Flink counts, and the container is killed for it. RocksDB wants local disks, several of them as a list.',
            '网络文件系统使每次读取都成为往返；共享内存不计入 Flink 的内存预算，容器会因此被杀。RocksDB 需要本地磁盘，可用列表给出多块。',
          ),
          evidence: evidence('settingsFound', 1, runningMs(job, nowMs), ['>=', 1]),
          until: text('a directory on a local disk', '使用本地磁盘目录'),
        }),
        severity: 'warning' as const,
      },
    ];
  },
  // Which disks there are only the owner of the machines knows.
  advise: () => [],
});
