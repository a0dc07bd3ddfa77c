import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import { optionChange } from '../../analyzer/tuning/advice.js';
import { text } from '../../analyzer/text.js';
import { runningMs } from '../support/facts.js';
import { settingAdvice } from '../support/setting-advice.js';
import { settingOf } from '../support/settings.js';

export const failoverFull = defineRule({
  id: 'failover-full',
  category: 'configuration',
  title: text('One failed task restarts the whole job', '单个任务失败会重启整个作业'),
  severityMax: 'info',
  basis: 'configuration',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['configuration', 'history'],
  options: {},
  detect({ job, nowMs, configuration }) {
    if (settingOf(configuration, 'jobmanager.execution.failover-strategy')?.toLowerCase() !== 'full') return [];
    const parts = new Set(job.topology.vertexIds.map((id) => job.topology.componentOf(id)));
    // With one connected pipeline a region is the whole job: then the setting changes nothing.
    if (parts.size < 2) return [];
    return [
      {
        severity: 'info' as const,
        confidence: 0.9,
        subject: { kind: 'job' as const },
        title: text(
          `A failure in one of ${parts.size} independent parts restarts all of them`,
          `${parts.size} 个独立部分中任一失败都会重启全部`,
        ),
        summary: text(
          'The failover strategy is full; by region only the part that failed would restart.',
          '故障恢复策略为 full；按 region 只会重启失败的部分。',
        ),
        evidence: evidence('components', parts.size, runningMs(job, nowMs), ['>=', 2]),
        wouldChange: [text('failover by region', '按 region 恢复')],
      },
    ];
  },
  advise(_finding, { job, history, configuration }) {
    return settingAdvice(
      {
        kind: 'config',
        title: text('Restart only what failed', '只重启失败的部分'),
        changes: [optionChange('jobmanager', 'jobmanager.execution.failover-strategy', 'region', configuration)],
        effect: {
          metric: 'components',
          label: labelOf('components'),
          from: job.topology.vertexIds.length,
          to: 1,
          unit: 'count',
        },
        verify: ['=', 1],
        restart: 'cluster',
        note: text('read when the JobManager starts', 'JobManager 启动时读取'),
        source: 'ops/state/task_failure_recovery/#failover-strategies',
      },
      { job, history },
    );
  },
});
