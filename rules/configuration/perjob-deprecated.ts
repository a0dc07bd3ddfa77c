import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { text } from '../../analyzer/text.js';
import { runningMs } from '../support/facts.js';
import { settingOf } from '../support/settings.js';

export const perjobDeprecated = defineRule({
  id: 'perjob-deprecated',
  category: 'configuration',
  title: text('The job is deployed in a way that Flink has given up', '作业的部署方式已被 Flink 弃用'),
  severityMax: 'info',
  basis: 'configuration',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['configuration', 'history'],
  options: {},
  detect({ job, nowMs, configuration }) {
    const version = job.flinkVersion;
    if (settingOf(configuration, 'execution.target') !== 'yarn-per-job') return [];
    // 1.15 deprecated it, 2.0 has it no more.
    if (version !== undefined && version.major === 1 && version.minor < 15) return [];
    return [
      {
        severity: 'info' as const,
        confidence: 0.95,
        subject: { kind: 'job' as const },
        title: text('The job runs in YARN per-job mode', '作业以 YARN per-job 模式运行'),
        summary: text(
          'Deprecated since 1.15 and gone in 2.0. Application mode does the same, and runs main() on the cluster instead of the client.',
          '自 1.15 起弃用，2.0 已移除。Application 模式效果相同，且 main() 在集群而非客户端运行。',
        ),
        evidence: evidence('settingsFound', 1, runningMs(job, nowMs), ['=', 1]),
        wouldChange: [text('application mode', '使用 Application 模式')],
      },
    ];
  },
  // A way of deployment is no option of a running job.
  advise: () => [],
});
