import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { counted, text, listed } from '../../analyzer/text.js';
import { runningMs } from '../support/facts.js';
import { removedOptions } from '../../analyzer/tuning/removed-options.js';

export const removedConfig = defineRule({
  id: 'removed-config',
  category: 'configuration',
  title: text('Settings that this Flink does not read', '此版本 Flink 不再读取的设置'),
  severityMax: 'info',
  basis: 'configuration',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['configuration', 'history'],
  options: {},
  detect({ job, nowMs, configuration }) {
    if (job.flinkVersion === undefined)
      return {
        notEvaluated: text('the version of Flink (/overview) was not read yet', '尚未读取 Flink 版本（/overview）'),
      };
    const found = removedOptions(configuration, job.flinkVersion);
    if (found.length === 0) return [];
    const names = listed(found.map(({ key, instead }) => (instead === undefined ? key : `${key} (→ ${instead})`)));
    return [
      {
        severity: 'info' as const,
        confidence: 0.95,
        subject: { kind: 'job' as const },
        title: text(
          `Flink ${job.flinkVersion.text} does not read ${counted(found.length, 'setting')} of its configuration`,
          `Flink ${job.flinkVersion.text} 不读取配置中的 ${found.length} 项设置`,
        ),
        summary: text(
          `${names.en}: whoever set them believes that they hold.`,
          `${names['zh-CN']}：设置者会误以为它们生效。`,
        ),
        evidence: evidence('settingsFound', found.length, runningMs(job, nowMs), ['>=', 1]),
        wouldChange: [text('the settings are gone or renamed', '删除或改名这些设置')],
      },
    ];
  },
  // To delete a line that is not read changes nothing in the running job; the summary names what to set instead.
  advise: () => [],
});
