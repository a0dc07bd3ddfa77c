import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import { usesRocksdb } from '../../analyzer/signals/rocksdb.js';
import { optionChange } from '../../analyzer/tuning/advice.js';
import { text } from '../../analyzer/text.js';
import { runningMs } from '../support/facts.js';
import { settingAdvice } from '../support/setting-advice.js';
import { isContainer, isOff, settingOf } from '../support/settings.js';

export const rocksdbUnmanaged = defineRule({
  id: 'rocksdb-unmanaged',
  category: 'state',
  title: text('Nothing bounds the memory of RocksDB', 'RocksDB 的内存没有上限'),
  severityMax: 'warning',
  basis: 'configuration',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['configuration', 'history'],
  options: {},
  detect({ job, nowMs, configuration, history }) {
    const isBounded = !isOff(configuration, MANAGED) || settingOf(configuration, ...FIXED) !== undefined;
    if (!usesRocksdb(history) || isBounded) return [];
    const killed = isContainer(configuration);
    return [
      {
        severity: killed ? ('warning' as const) : ('info' as const),
        confidence: 0.9,
        subject: { kind: 'job' as const },
        title: text('RocksDB takes as much memory as it wants', 'RocksDB 按需占用内存，没有上限'),
        summary: text(
          `Each state in each slot has write buffers and a cache of its own, outside of what Flink budgets.${killed ? ' A container that grows beyond its limit is killed.' : ' The machine may run out of memory.'}`,
          `每个 slot 中的每个状态都有自己的写缓冲与缓存，不在 Flink 的预算内。${killed ? '容器超出上限会被杀死。' : '机器内存可能耗尽。'}`,
        ),
        evidence: evidence('settingsFound', 1, runningMs(job, nowMs), ['=', 1]),
        wouldChange: [
          text('managed memory, or a fixed size for each slot', '使用托管内存，或为每个 slot 设定固定大小'),
        ],
      },
    ];
  },
  advise(_finding, { job, history, configuration }) {
    return settingAdvice(
      {
        kind: 'state',
        title: text('Let RocksDB live within managed memory', '让 RocksDB 使用托管内存'),
        changes: [optionChange('taskmanager', MANAGED, 'true', configuration)],
        effect: { metric: 'settingsFound', label: labelOf('settingsFound'), from: 1, to: 0, unit: 'count' },
        verify: ['=', 0],
        restart: 'cluster',
        note: text('with less memory than it took, more reads go to disk', '若内存少于此前占用，更多读取会访问磁盘'),
        source: 'ops/state/state_backends/#memory-management',
      },
      { job, history },
    );
  },
});

const MANAGED = 'state.backend.rocksdb.memory.managed';
const FIXED = ['state.backend.rocksdb.memory.fixed-per-slot', 'state.backend.rocksdb.memory.fixed-per-tm'] as const;
