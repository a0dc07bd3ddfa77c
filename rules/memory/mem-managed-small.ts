import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import { usesRocksdb } from '../../analyzer/signals/rocksdb.js';
import { runningHere, type TaskManagerLoad } from '../../analyzer/signals/task-managers.js';
import { parseMemorySize } from '../../analyzer/tuning/values/memory-size.js';
import { min, present, sum } from '../../analyzer/numbers.js';
import { bytes, text, type Text } from '../../analyzer/text.js';
import { MIB, partAdvice } from '../support/memory-advice.js';
import { MANAGED_NOT_TOLD } from '../support/not-told.js';
import { strainOf, type Strain } from '../support/rocksdb.js';
import { isOff } from '../support/settings.js';

export const memManagedSmall = defineRule({
  id: 'mem-managed-small',
  category: 'memory',
  title: text('RocksDB has little memory', 'RocksDB 可用内存很少'),
  severityMax: 'warning',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['taskManagers', 'history'],
  options: {
    slotBytes: {
      // Diagnosis §5.4; what a slot of Flink's default size (1728 MiB, 512 of them managed) has with four slots.
      default: 128 * MIB,
      unit: 'bytes',
      description: 'memory of RocksDB in one slot below which it is little',
    },
  },
  detect({ taskManagers, history }, { slotBytes }) {
    if (!usesRocksdb(history) || isOff(history.configuration, 'state.backend.rocksdb.memory.managed')) return [];
    const alive = runningHere(taskManagers);
    const perSlot = perSlotBytes(alive, history.configuration);
    if (perSlot === undefined) return { notEvaluated: MANAGED_NOT_TOLD };
    if (perSlot >= slotBytes) return [];
    const total = sum(alive.map((tm) => perSlot * tm.slots));
    const state = history.checkpoints.findLast(({ status }) => status === 'COMPLETED')?.stateSizeBytes;
    const strains = present(history.vertices.map(strainOf));
    const strain = STRAINS.find((kind) => strains.includes(kind));
    if (strain === undefined && strains.length === 0 && state === undefined) return { notEvaluated: USE_NOT_TOLD };
    // As long as all of the state fits into it, little is enough.
    if (strain === undefined && (state ?? 0) <= total) return [];
    const windowMs = Math.max(1, min(alive.map((tm) => tm.windowMs)) ?? 1);
    return [
      {
        severity: strain === undefined ? ('info' as const) : ('warning' as const),
        confidence: strain === undefined ? 0.6 : 0.8,
        subject: { kind: 'job' as const },
        title: text(
          `RocksDB has ${bytes(perSlot)} of memory in each slot`,
          `每个 slot 的 RocksDB 只有 ${bytes(perSlot)} 内存`,
        ),
        summary: strain === undefined ? LITTLE : SIGNS[strain],
        evidence: [
          ...evidence('managedPerSlotBytes', perSlot, windowMs, ['<', slotBytes]),
          ...evidence('checkpointStateBytes', state, windowMs, strain === undefined ? ['>', total] : undefined),
        ],
        wouldChange: [text('fewer states or slots per TaskManager', '减少状态数或每个 TaskManager 的 slot')],
        ...(strains.length > 0 ? {} : { notSeen: NOT_SEEN }),
      },
    ];
  },
  advise(_finding, { job, taskManagers, history }, { slotBytes }) {
    const tm = runningHere(taskManagers)[0];
    const fromBytes = tm === undefined ? undefined : managedBytesOf(tm);
    // A size of its own is set by hand: it is not part of what Flink budgets.
    if (tm === undefined || fromBytes === undefined || fixedBytesOf(tm, history.configuration) !== undefined) return [];
    const toBytes = slotBytes * tm.slots;
    const metric = {
      metric: 'managedTotalBytes',
      label: labelOf('managedTotalBytes'),
      unit: 'bytes' as const,
    };
    return partAdvice(
      {
        keys: ['taskmanager.memory.managed.size'],
        fromBytes,
        toBytes,
        page: 'mem_tuning',
        title: text(
          `Give each TaskManager ${bytes(toBytes)} of managed memory instead of ${bytes(fromBytes)}`,
          `将每个 TaskManager 的托管内存从 ${bytes(fromBytes)} 增加到 ${bytes(toBytes)}`,
        ),
        confidence: 0.7,
        expected: [{ ...metric, from: fromBytes, to: toBytes, low: toBytes, high: toBytes }],
        verify: [{ ...metric, comparison: '>=', target: toBytes }],
        rejected: [
          {
            alternative: text('a larger share of the same process', '在同样大小的进程中提高占比'),
            why: text(
              'it takes from the heap what RocksDB gets: right where the heap is half empty',
              '这会从堆中拿走内存：仅在堆有一半空闲时合适',
            ),
          },
          {
            alternative: text('fewer slots per TaskManager', '减少每个 TaskManager 的 slot'),
            why: text(
              'the same memory for fewer of them needs more TaskManagers',
              '同样内存分给更少的 slot 需要更多 TaskManager',
            ),
          },
        ],
      },
      job,
      history,
    );
  },
});

/** Of the slot with least; undefined where a TaskManager does not tell. */
function perSlotBytes(
  alive: readonly TaskManagerLoad[],
  configuration: Readonly<Record<string, string>>,
): number | undefined {
  const sizes = alive.map((tm) => {
    const size = fixedBytesOf(tm, configuration) ?? managedBytesOf(tm);
    return size === undefined || tm.slots < 1 ? undefined : size / tm.slots;
  });
  return sizes.includes(undefined) ? undefined : min(present(sizes));
}

function managedBytesOf(tm: TaskManagerLoad): number | undefined {
  return tm.managedTotalBytes ?? tm.memory.managedBytes;
}

/** What is set for RocksDB beside managed memory goes before it; the one of a TaskManager is shared by its slots (1.17). */
function fixedBytesOf(tm: TaskManagerLoad, configuration: Readonly<Record<string, string>>): number | undefined {
  const perSlot = parseMemorySize(configuration['state.backend.rocksdb.memory.fixed-per-slot'] ?? '');
  return perSlot === undefined
    ? parseMemorySize(configuration['state.backend.rocksdb.memory.fixed-per-tm'] ?? '')
    : perSlot * tm.slots;
}

const STRAINS = ['stop', 'flush', 'cache'] as const;

const LITTLE = text(
  'The state is larger than all of it, so reads go to disk, and write buffers are flushed small and often.',
  '状态比全部内存还大，因此读取要访问磁盘，写缓冲频繁地小批刷写。',
);

const SIGNS: Readonly<Record<Exclude<Strain, 'none'>, Text>> = {
  stop: text(
    'Write buffers get a share of it, are full at once, and their flushes do not keep up: writes are held back.',
    '写缓冲只占其中一部分，很快写满且刷写跟不上：写入被限制。',
  ),
  flush: text(
    'Write buffers get a share of it and are full at once: at each look some wait to be flushed.',
    '写缓冲只占其中一部分，很快写满：每次查看都有写缓冲在等待刷写。',
  ),
  cache: text(
    'What is read often does not fit into the block cache: more than one read in five goes to disk.',
    '常读数据放不进块缓存：超过五分之一的读取要访问磁盘。',
  ),
};

const NOT_SEEN = [
  {
    signal: text('RocksDB metrics', 'RocksDB 指标'),
    enableBy: text(
      'state.backend.rocksdb.metrics.is-write-stopped, num-immutable-mem-table, block-cache-hit and block-cache-miss: true show whether it is too little',
      '开启 state.backend.rocksdb.metrics.is-write-stopped、num-immutable-mem-table、block-cache-hit、block-cache-miss 可看到内存是否不足',
    ),
  },
];

const USE_NOT_TOLD = text(
  'no checkpoint has told how large the state is, and RocksDB tells nothing of its own',
  '尚无检查点说明状态大小，RocksDB 也没有指标',
);
