import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { listed, text } from '../../analyzer/text.js';
import { runningMs } from '../support/facts.js';
import { remark } from '../support/remark.js';

/** Flink keeps options that it does not know, and REST shows them: so a template can travel with the cluster. */
const PREFIX = 'weir.template.';

export const deployTemplateDrift = defineRule({
  id: 'deploy-template-drift',
  category: 'configuration',
  title: text('Options differ from the template', '配置与模板不一致'),
  severityMax: 'info',
  basis: 'configuration',
  opens: 'persisting',
  appliesTo: 'any-state',
  needs: ['configuration'],
  options: {},
  detect({ job, nowMs, configuration }) {
    let templates = 0;
    const drifted: string[] = [];
    for (const key in configuration) {
      if (!key.startsWith(PREFIX)) continue;
      templates += 1;
      const option = key.slice(PREFIX.length);
      if (configuration[option]?.trim() !== configuration[key]?.trim()) drifted.push(option);
    }
    if (templates === 0) return { notEvaluated: NO_TEMPLATE };
    if (drifted.length === 0) return [];
    const names = listed(drifted);
    return [
      remark({
        confidence: 0.9,
        title: text(`Other than in the template: ${names.en}`, `与模板不同：${names['zh-CN']}`),
        summary: text(
          'What this job has differs from what its project sets for all. An override that is meant belongs into the template, where others find it.',
          '该作业的配置与项目统一设置不同。有意的覆盖应写入模板，以便他人知晓。',
        ),
        evidence: evidence('settingsFound', drifted.length, runningMs(job, nowMs), ['>=', 1]),
        until: text('the job or the template is changed', '修改作业或模板'),
      }),
    ];
  },
  // Which of the two is right their owner knows.
  advise: () => [],
});

const NO_TEMPLATE = text(
  'no template is told: options named weir.template.<option> in the cluster’s configuration would tell what the project sets',
  '没有模板：可在集群配置中以 weir.template.<option> 给出项目统一设置',
);
