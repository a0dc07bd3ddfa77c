import type { JobHistory } from '../../collector/model/index.js';
import { labelOf } from '../../analyzer/engine/evidence.js';
import type { Advice } from '../../analyzer/engine/recommendation.js';
import type { JobFacts } from '../../analyzer/signals/job-facts.js';
import { optionChange } from '../../analyzer/tuning/advice.js';
import { optionKeys } from '../../analyzer/tuning/option-keys.js';
import { text, type Text } from '../../analyzer/text.js';
import { settingAdvice } from './setting-advice.js';

/** Advice of the exponential-delay restart strategy. */
export function growingDelayAdvice(
  title: Text,
  context: {
    readonly job: JobFacts;
    readonly history: JobHistory;
    readonly configuration: Readonly<Record<string, string>>;
  },
): readonly Advice[] {
  const { job, history, configuration } = context;
  return settingAdvice(
    {
      kind: 'config',
      title,
      changes: [optionChange('job', optionKeys.restartStrategy(job.flinkVersion), 'exponential-delay', configuration)],
      effect: {
        metric: 'restartAttempts',
        label: labelOf('restartAttempts'),
        from: 0,
        to: 10,
        low: 1,
        high: 100,
        unit: 'count',
      },
      verify: ['>', 0],
      restart: 'job',
      note: text('what code sets goes before the option', '代码中的设置优先于该选项'),
      source: 'ops/state/task_failure_recovery/',
    },
    { job, history },
  );
}
