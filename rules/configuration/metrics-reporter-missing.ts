import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import { optionChange } from '../../analyzer/tuning/advice.js';
import { text } from '../../analyzer/text.js';
import { runningMs } from '../support/facts.js';
import { A_DAY, remark } from '../support/remark.js';
import { settingAdvice } from '../support/setting-advice.js';
import { settingOf } from '../support/settings.js';

const FACTORY = 'metrics.reporter.prom.factory.class';

export const metricsReporterMissing = defineRule({
  id: 'metrics-reporter-missing',
  category: 'configuration',
  title: text('No metrics reporter is configured', '未配置指标上报'),
  severityMax: 'info',
  basis: 'configuration',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['configuration', 'history'],
  options: { runningMs: A_DAY },
  detect({ job, nowMs, configuration }, limits) {
    const heldMs = runningMs(job, nowMs);
    if (heldMs < limits.runningMs || settingOf(configuration, 'metrics.reporters') !== undefined) return [];
    for (const key in configuration) if (key.startsWith('metrics.reporter.')) return [];
    return [
      remark({
        confidence: 0.7,
        subject: { kind: 'cluster' },
        title: text('Metrics leave this cluster only over the JobManager', '该集群的指标只能经 JobManager 读取'),
        summary: text(
          'REST shows the last reading of each metric and costs the JobManager a fetch of all of them. A reporter tells them from each process, also of those that REST leaves out, and while the JobManager is away.',
          'REST 只给出各指标的最新读数，且每次都需 JobManager 抓取全部。上报器由各进程直接提供，包括 REST 未提供的指标，且 JobManager 不可用时仍然有效。',
        ),
        evidence: evidence('runningMs', heldMs, heldMs, ['>=', limits.runningMs]),
        until: text('a reporter is configured', '配置上报器'),
      }),
    ];
  },
  advise(_finding, { job, history, configuration }) {
    return settingAdvice(
      {
        kind: 'config',
        title: text('Let each process serve its metrics to Prometheus', '让各进程向 Prometheus 提供指标'),
        changes: [
          optionChange(
            'taskmanager',
            FACTORY,
            'org.apache.flink.metrics.prometheus.PrometheusReporterFactory',
            configuration,
          ),
          optionChange('taskmanager', 'metrics.reporter.prom.port', '9249-9260', configuration),
        ],
        effect: { metric: 'settingsFound', label: labelOf('settingsFound'), from: 0, to: 1, unit: 'count' },
        verify: ['=', 1],
        restart: 'cluster',
        note: text('the ports must be reachable for the scraper only', '端口只应对采集端开放'),
        source: 'deployment/metric_reporters/#prometheus',
      },
      { job, history },
    );
  },
});
