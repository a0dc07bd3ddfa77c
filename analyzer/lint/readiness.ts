import type { FlinkVersion } from '../../collector/model/index.js';
import { text, type Text } from '../text.js';
import { optionKeys } from '../tuning/option-keys.js';
import type { Severity } from '../engine/finding.js';
import { optionBook } from './option-book.js';
import type { LintProblem } from './problem.js';
import { asConfiguration, type Setting, type Settings } from './settings.js';

/** What a configuration says, by the names of today: an option's value under whichever of its names it stands. */
interface Reader {
  readonly get: (key: string) => string | undefined;
  readonly lineOf: (key: string) => number;
  readonly hasAny: (prefix: string) => boolean;
  readonly version: FlinkVersion;
}

interface ReadinessRule {
  readonly id: string;
  readonly severity: Severity;
  /** Said by the cluster's own configuration, not by that of a job in a session cluster. */
  readonly ofCluster?: boolean;
  /** The option that the finding is about, by its name in this version; undefined: all is well. */
  readonly find: (read: Reader) => { readonly key: string; readonly message: Text; readonly fix: Text } | undefined;
}

const isTrue = (value: string | undefined): boolean => value?.trim().toLowerCase() === 'true';
const isFalse = (value: string | undefined): boolean => value?.trim().toLowerCase() === 'false';

const INTERVAL = 'execution.checkpointing.interval';
const RETENTION = 'execution.checkpointing.externalized-checkpoint-retention';
const MAX_PARALLELISM = 'pipeline.max-parallelism';
const UIDS = 'pipeline.auto-generate-uids';

const strategyOf = ({ get, version }: Reader): string | undefined =>
  get(optionKeys.restartStrategy(version))?.trim().toLowerCase();

/** The production readiness list of Flink's documentation (Operations → Production Readiness), and what the vectors of its classes show. */
const RULES: readonly ReadinessRule[] = [
  {
    id: 'ready-checkpoint-interval',
    severity: 'warning',
    find: ({ get }) =>
      get(INTERVAL) === undefined
        ? {
            key: INTERVAL,
            message: text(
              'No checkpoint interval: unless the code sets one, a failed job starts from nothing',
              '未设置检查点间隔：除非代码中设置，作业失败后将从零开始',
            ),
            fix: text(`set ${INTERVAL}, such as 60 s`, `设置 ${INTERVAL}，例如 60 s`),
          }
        : undefined,
  },
  {
    id: 'ready-checkpoint-directory',
    severity: 'warning',
    find: ({ get, version }) => {
      const key = optionKeys.checkpointDirectory(version);
      return get(INTERVAL) !== undefined && get(key) === undefined
        ? {
            key,
            message: text(
              'Checkpoints have no directory: they stay in the memory of the JobManager and go with it',
              '检查点没有目录：只保存在 JobManager 内存中，随之丢失',
            ),
            fix: text(
              `set ${key} to durable storage that all processes reach`,
              `将 ${key} 设为所有进程可访问的持久存储`,
            ),
          }
        : undefined;
    },
  },
  {
    id: 'ready-checkpoint-retention',
    severity: 'info',
    find: ({ get }) => {
      const retention = get(RETENTION)?.toUpperCase();
      return get(INTERVAL) !== undefined && (retention === undefined || retention !== 'RETAIN_ON_CANCELLATION')
        ? {
            key: RETENTION,
            message: text('A job that is cancelled takes its checkpoints with it', '取消作业时检查点会一并删除'),
            fix: text(`set ${RETENTION} to RETAIN_ON_CANCELLATION`, `将 ${RETENTION} 设为 RETAIN_ON_CANCELLATION`),
          }
        : undefined;
    },
  },
  {
    id: 'ready-max-parallelism',
    severity: 'info',
    find: ({ get }) =>
      get(MAX_PARALLELISM) === undefined
        ? {
            key: MAX_PARALLELISM,
            message: text(
              'No max parallelism: Flink derives it from the first parallelism, and state binds the job to it for ever',
              '未设置最大并行度：Flink 由首次并行度推出，此后状态将其固定',
            ),
            fix: text(
              `set ${MAX_PARALLELISM}, such as 720 (many divisors): weir keygroups shows the shares`,
              `设置 ${MAX_PARALLELISM}，例如 720（约数多）：可用 weir keygroups 查看分布`,
            ),
          }
        : undefined,
  },
  {
    id: 'ready-uids',
    severity: 'info',
    find: ({ get }) =>
      isFalse(get(UIDS))
        ? undefined
        : {
            key: UIDS,
            message: text(
              'Operators without uid() are allowed: their state is lost when the graph changes (SQL jobs: does not apply)',
              '允许没有 uid() 的算子：拓扑变化时其状态会丢失（SQL 作业不适用）',
            ),
            fix: text(
              `set ${UIDS}: false for DataStream jobs; Flink then refuses a graph with an operator that has none`,
              `DataStream 作业设置 ${UIDS}: false；缺少 uid 的拓扑将被拒绝`,
            ),
          },
  },
  {
    id: 'ready-state-backend',
    severity: 'info',
    find: ({ get, version }) => {
      const key = version.major === 1 && version.minor < 17 ? 'state.backend' : 'state.backend.type';
      return get(key) === undefined
        ? {
            key,
            message: text(
              'No state backend: state lives in the heap and must fit there',
              '未选择状态后端：状态保存在堆中，必须放得下',
            ),
            fix: text(
              `set ${key}: rocksdb for state of gigabytes, hashmap if it is small, so that it is a decision`,
              `GB 级状态设 ${key}: rocksdb，较小则设 hashmap，明确做出选择`,
            ),
          }
        : undefined;
    },
  },
  {
    id: 'ready-incremental',
    severity: 'info',
    find: ({ get, version }) => {
      const backend = get(version.major === 1 && version.minor < 17 ? 'state.backend' : 'state.backend.type');
      const key = optionKeys.incremental(version);
      return backend?.toLowerCase().includes('rocksdb') === true && !isTrue(get(key))
        ? {
            key,
            message: text('Every checkpoint of RocksDB carries the whole state', 'RocksDB 的每个检查点都上传全部状态'),
            fix: text(`set ${key}: true`, `设置 ${key}: true`),
          }
        : undefined;
    },
  },
  {
    id: 'ready-savepoint-directory',
    severity: 'info',
    find: ({ get, version }) => {
      const key =
        version.major > 1 || version.minor >= 20 ? 'execution.checkpointing.savepoint-dir' : 'state.savepoints.dir';
      return get(key) === undefined
        ? {
            key,
            message: text(
              'No directory for savepoints: whoever stops a job at night must know one',
              '未设置 savepoint 目录：夜间停作业的人必须自己知道路径',
            ),
            fix: text(`set ${key}`, `设置 ${key}`),
          }
        : undefined;
    },
  },
  {
    id: 'ready-high-availability',
    severity: 'info',
    ofCluster: true,
    find: ({ get, version }) => {
      const key = optionKeys.highAvailability(version);
      const type = get(key)?.trim().toLowerCase();
      return type === undefined || type === 'none'
        ? {
            key,
            message: text(
              'No high availability: jobs are lost with the JobManager',
              '未启用高可用：JobManager 丢失则作业丢失',
            ),
            fix: text(`set ${key}: kubernetes or zookeeper`, `设置 ${key}: kubernetes 或 zookeeper`),
          }
        : undefined;
    },
  },
  {
    id: 'ready-ha-storage',
    severity: 'critical',
    ofCluster: true,
    find: ({ get, version }) => {
      const key = optionKeys.highAvailability(version);
      const type = get(key)?.trim().toLowerCase();
      return type !== undefined && type !== 'none' && get('high-availability.storageDir') === undefined
        ? {
            key: 'high-availability.storageDir',
            message: text(
              'High availability without a storage directory: Flink does not start',
              '启用高可用却没有存储目录：Flink 无法启动',
            ),
            fix: text(
              'set high-availability.storageDir to durable storage that all processes reach',
              '将 high-availability.storageDir 设为所有进程可访问的持久存储',
            ),
          }
        : undefined;
    },
  },
  {
    id: 'ready-restart-none',
    severity: 'warning',
    find: (read) => {
      const key = optionKeys.restartStrategy(read.version);
      return ['none', 'off', 'disable'].includes(strategyOf(read) ?? '')
        ? {
            key,
            message: text('The first failure ends a job: restarts are off', '首次失败即终止作业：重启已关闭'),
            fix: text(`set ${key}: exponential-delay`, `设置 ${key}: exponential-delay`),
          }
        : undefined;
    },
  },
  {
    id: 'ready-tolerable-failures',
    severity: 'info',
    find: ({ get }) => {
      const key = 'execution.checkpointing.tolerable-failed-checkpoints';
      return get(INTERVAL) !== undefined && get(key) === undefined
        ? {
            key,
            message: text('One failed checkpoint restarts the job', '一次检查点失败就会重启作业'),
            fix: text(`set ${key}, such as 3`, `设置 ${key}，例如 3`),
          }
        : undefined;
    },
  },
];

/** What is missing or unwise before production. `info` is worth a thought, `warning` bites. */
export function checkReadiness(file: Settings, version: FlinkVersion): readonly LintProblem[] {
  const read = reader(file, version);
  const rules = RULES.filter(({ ofCluster }) => ofCluster !== true || file.kind !== 'FlinkSessionJob');
  return rules.flatMap(({ id, severity, find }) => {
    const found = find(read);
    return found === undefined
      ? []
      : [{ rule: id, severity, line: read.lineOf(found.key), key: found.key, message: found.message, fix: found.fix }];
  });
}

function reader(file: Settings, version: FlinkVersion): Reader {
  const book = optionBook(version);
  const byName = new Map<string, Setting>();
  // What stands under an old name counts for the new one where that is not set.
  for (const setting of file.settings) {
    const status = book.statusOf(setting.key);
    const name = status.is === 'old-name' ? status.option.key : setting.key;
    if (status.is !== 'old-name' || !byName.has(name)) byName.set(name, setting);
  }
  const configuration = asConfiguration(file);
  return {
    version,
    get: (key) => byName.get(key)?.value,
    lineOf: (key) => byName.get(key)?.line ?? 1,
    hasAny: (prefix) => Object.keys(configuration).some((key) => key.startsWith(prefix)),
  };
}
