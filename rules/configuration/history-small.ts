import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import { optionChange } from '../../analyzer/tuning/advice.js';
import { duration, text } from '../../analyzer/text.js';
import { runningMs } from '../support/facts.js';
import { A_DAY, remark } from '../support/remark.js';
import { settingAdvice } from '../support/setting-advice.js';
import { settingOf } from '../support/settings.js';

const KEY = 'web.checkpoints.history';
const DEFAULT = 10;
const WANTED = 50;

export const historySmall = defineRule({
  id: 'history-small',
  category: 'configuration',
  title: text('Flink remembers few minutes of checkpoints', 'Flink 只保留几分钟的检查点记录'),
  severityMax: 'info',
  basis: 'configuration',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['configuration', 'history'],
  options: {
    intervalMs: { default: 60_000, unit: 'ms', description: 'checkpoint interval below which ten of them are few' },
    runningMs: A_DAY,
  },
  detect({ job, nowMs, configuration, history }, limits) {
    const { intervalMs } = history.checkpointConfig ?? {};
    const kept = Number(settingOf(configuration, KEY) ?? DEFAULT);
    const heldMs = runningMs(job, nowMs);
    if (intervalMs === undefined || intervalMs >= limits.intervalMs || !(kept <= DEFAULT) || heldMs < limits.runningMs)
      return [];
    return [
      remark({
        confidence: 0.7,
        title: text(
          `Flink remembers ${kept} checkpoints: ${duration(kept * intervalMs)}`,
          `Flink 保留 ${kept} 个检查点：${duration(kept * intervalMs)}`,
        ),
        summary: text(
          'Whoever looks for the one that failed in the night does not find it there; after an hour in which Weir could not read, nobody knows. Fifty cost the JobManager a few kilobytes for each task.',
          '夜里失败的检查点已无从查看；若 Weir 有一小时无法读取则无人知晓。保留 50 个只需 JobManager 为每个任务多用几 KB。',
        ),
        evidence: [
          ...evidence('settingCount', kept, heldMs, ['<=', DEFAULT]),
          ...evidence('settingMs', intervalMs, heldMs, ['<', limits.intervalMs]),
        ],
        until: text('more are remembered', '保留更多'),
      }),
    ];
  },
  advise(finding, { job, history, configuration }) {
    return settingAdvice(
      {
        kind: 'config',
        title: text(`Remember ${WANTED} checkpoints`, `保留 ${WANTED} 个检查点`),
        changes: [optionChange('jobmanager', KEY, WANTED, configuration)],
        effect: {
          metric: 'settingCount',
          label: labelOf('settingCount'),
          from: finding.evidence[0]?.value ?? DEFAULT,
          to: WANTED,
          unit: 'count',
        },
        verify: ['>=', WANTED],
        restart: 'cluster',
        note: text(
          'the JobManager holds the figures of every task of each of them',
          'JobManager 需保存每个检查点各任务的数据',
        ),
        source: 'deployment/config/#web-checkpoints-history',
      },
      { job, history },
    );
  },
});
