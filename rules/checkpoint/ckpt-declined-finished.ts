import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import type { FlinkVersion } from '../../collector/model/index.js';
import { optionChange } from '../../analyzer/tuning/advice.js';
import { sum } from '../../analyzer/numbers.js';
import { counted, text } from '../../analyzer/text.js';
import { runningMs } from '../support/facts.js';
import { settingAdvice } from '../support/setting-advice.js';
import { isOff, isOn, settingOf } from '../support/settings.js';

export const ckptDeclinedFinished = defineRule({
  id: 'ckpt-declined-finished',
  category: 'checkpoint',
  title: text('No checkpoint is taken since some tasks have finished', '部分任务结束后不再进行检查点'),
  severityMax: 'warning',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['history', 'configuration'],
  options: {},
  detect({ job, nowMs, history, configuration }) {
    const finished = sum(history.vertices.map(({ tasks }) => tasks.FINISHED ?? 0));
    const running = sum(history.vertices.map(({ tasks }) => tasks.RUNNING ?? 0));
    const isPeriodic = history.checkpointConfig?.intervalMs !== undefined;
    if (job.flinkVersion === undefined || finished === 0 || running === 0 || !isPeriodic) return [];
    if (goesOn(job.flinkVersion, configuration)) return [];
    return [
      {
        severity: 'warning' as const,
        confidence: 0.9,
        subject: { kind: 'job' as const },
        title: text(
          `${counted(finished, 'task has', 'tasks have')} finished, and no checkpoint is taken any more`,
          `${finished} 个任务已结束，不再进行检查点`,
        ),
        summary: text(
          `Flink ${job.flinkVersion.text} takes checkpoints only while every task runs. After a failure the rest starts again from the last one before, and sinks that commit with checkpoints publish nothing.`,
          `Flink ${job.flinkVersion.text} 仅在所有任务都运行时做检查点。故障后其余任务会从结束前的最后一个检查点重来，依赖检查点提交的 Sink 不再发布数据。`,
        ),
        evidence: evidence('finishedTasks', finished, runningMs(job, nowMs), ['>=', 1]),
        wouldChange: [text('checkpoints are taken after tasks finish', '允许任务结束后继续做检查点')],
      },
    ];
  },
  advise(_finding, { job, history, configuration }) {
    const { flinkVersion: version } = job;
    // Before 1.14 there is no such option: only an upgrade helps.
    if (version === undefined || isBefore(version, 14)) return [];
    const key = KEYS.find((name) => settingOf(configuration, name) !== undefined) ?? OLD_KEY;
    return settingAdvice(
      {
        kind: 'checkpoint',
        title: text('Take checkpoints after tasks finish', '任务结束后继续做检查点'),
        changes: [optionChange('job', key, 'true', configuration)],
        effect: { metric: 'settingsFound', label: labelOf('settingsFound'), from: 0, to: 1, unit: 'count' },
        verify: ['=', 1],
        restart: 'job',
        note: text(
          'what has finished runs again from the last checkpoint before it did',
          '已结束的部分会从其结束前的最后一个检查点重新运行',
        ),
        source: 'dev/datastream/fault-tolerance/checkpointing/#checkpointing-with-parts-of-the-graph-finished',
      },
      { job, history },
    );
  },
});

/** The second is the name up to 1.19, which is still read. */
const OLD_KEY = 'execution.checkpointing.checkpoints-after-tasks-finish.enabled';
const KEYS = ['execution.checkpointing.checkpoints-after-tasks-finish', OLD_KEY] as const;

/** 1.14 brought the option, 1.15 switched it on by default. */
function goesOn(version: FlinkVersion, configuration: Readonly<Record<string, string>>): boolean {
  if (isBefore(version, 14)) return false;
  return isBefore(version, 15) ? isOn(configuration, ...KEYS) : !isOff(configuration, ...KEYS);
}

function isBefore({ major, minor }: FlinkVersion, minorOfOne: number): boolean {
  return major === 1 && minor < minorOfOne;
}
