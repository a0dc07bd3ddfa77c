import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import { optionChange } from '../../analyzer/tuning/advice.js';
import { percent, text } from '../../analyzer/text.js';
import { paceOf } from '../support/checkpoint-pace.js';
import { PACE_NOT_TOLD } from '../support/not-told.js';
import { latest, metricsNamed } from '../support/operator-metrics.js';
import { remark } from '../support/remark.js';
import { settingAdvice } from '../support/setting-advice.js';
import { settingOf } from '../support/settings.js';

const KEY = 'execution.checkpointing.interval-during-backlog';
/** Of the connectors: 1 while the source reads its snapshot. */
const SNAPSHOT = ['isSnapshotting', 'isProcessingBacklog'];

export const ckptBacklogInterval = defineRule({
  id: 'ckpt-backlog-interval',
  category: 'checkpoint',
  title: text('Checkpoints take much of an initial snapshot', '初始快照期间检查点开销大'),
  severityMax: 'info',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['checkpoints', 'history'],
  options: {
    share: { default: 0.2, unit: 'ratio', description: 'time with a checkpoint under way from which it is said' },
  },
  detect({ job, checkpoints, history, nowMs }, { share }) {
    const version = job.flinkVersion;
    const isOld = version !== undefined && version.major === 1 && version.minor < 19;
    if (isOld || settingOf(history.configuration, KEY) !== undefined) return [];
    const sources = history.vertices.filter(
      ({ vertexId, name }) => job.topology.isSource(vertexId) && /cdc/i.test(name),
    );
    if (sources.length === 0) return [];
    const pace = paceOf(checkpoints);
    if (pace === undefined) return { notEvaluated: PACE_NOT_TOLD };
    if (pace.share < share) return [];
    const gauges = sources
      .flatMap((vertex) => metricsNamed(vertex, SNAPSHOT, job, nowMs))
      .flatMap((metric) => latest(metric)?.max ?? []);
    if (gauges.length === 0) return { notEvaluated: NOT_TOLD };
    if (gauges.every((value) => value < 1)) return [];
    return [
      remark({
        confidence: 0.7,
        title: text(
          `A checkpoint is under way for ${percent(pace.share)} of the initial snapshot`,
          `初始快照期间 ${percent(pace.share)} 的时间在做检查点`,
        ),
        summary: text(
          'While the source reads what was there before, a longer interval costs only that more of it is read again after a failure.',
          '源端读取存量数据时，延长间隔的代价只是故障后多读一些。',
        ),
        evidence: evidence('checkpointShare', pace.share, pace.windowMs, ['>=', share]),
        until: text('the snapshot is read, or fewer checkpoints meanwhile', '快照读完或期间检查点减少'),
      }),
    ];
  },
  advise(finding, { job, history }) {
    const share = finding.evidence[0]?.value ?? 0;
    return settingAdvice(
      {
        kind: 'checkpoint',
        title: text(
          'Checkpoint every 30 minutes while the source reads its backlog',
          '源端读取存量期间每 30 分钟做一次检查点',
        ),
        changes: [optionChange('job', KEY, '30 min', history.configuration)],
        effect: {
          metric: 'checkpointShare',
          label: labelOf('checkpointShare'),
          from: share,
          to: share / 10,
          low: 0,
          high: share,
          unit: 'ratio',
        },
        verify: ['<', 0.2],
        restart: 'job',
        note: text('after a failure more is read again', '故障后需重读更多'),
        source: 'deployment/config/#execution-checkpointing-interval-during-backlog',
      },
      { job, history },
    );
  },
});

const NOT_TOLD = text(
  'whether a CDC source still reads its snapshot is not told: its connector does not register isSnapshotting or isProcessingBacklog with the tasks',
  '未报告 CDC 源端是否仍在读取快照：其连接器未在任务上注册 isSnapshotting 或 isProcessingBacklog',
);
