import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import { optionChange } from '../../analyzer/tuning/advice.js';
import { optionKeys } from '../../analyzer/tuning/option-keys.js';
import { bytes, text } from '../../analyzer/text.js';
import { runningMs } from '../support/facts.js';
import { settingAdvice } from '../support/setting-advice.js';
import { isOn } from '../support/settings.js';

export const localRecoveryOff = defineRule({
  id: 'local-recovery-off',
  category: 'configuration',
  title: text('Large state is read from remote storage after each failure', '大状态每次故障后都从远端读取'),
  severityMax: 'info',
  basis: 'configuration',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['history', 'configuration', 'checkpoints'],
  options: {
    stateBytes: {
      default: 10 * 1024 * 1024 * 1024,
      unit: 'bytes',
      description: 'state from which reading it back takes long',
    },
  },
  detect({ job, nowMs, configuration, checkpoints }, limits) {
    const { config, lastCompleted } = checkpoints;
    const state = lastCompleted?.stateSizeBytes ?? 0;
    const on = isOn(configuration, 'execution.state-recovery.from-local', 'state.backend.local-recovery');
    // Unaligned checkpoints have no local recovery.
    if (on || state < limits.stateBytes || config?.unaligned === true) return [];
    return [
      {
        severity: 'info' as const,
        confidence: 0.7,
        subject: { kind: 'job' as const },
        title: text(
          `${bytes(state)} of state is fetched again after each failure`,
          `每次故障后需重新获取 ${bytes(state)} 状态`,
        ),
        summary: text(
          'With local recovery a task that comes back to its machine reads its state from there.',
          '开启本地恢复后，回到原机器的任务可从本地读取状态。',
        ),
        evidence: evidence('checkpointStateBytes', state, runningMs(job, nowMs), ['>=', limits.stateBytes]),
        wouldChange: [text('local recovery is on', '开启本地恢复')],
      },
    ];
  },
  advise(_finding, { job, history, configuration, checkpoints }) {
    const state = checkpoints.lastCompleted?.stateSizeBytes ?? 0;
    return settingAdvice(
      {
        kind: 'config',
        title: text('Recover from local copies', '从本地副本恢复'),
        changes: [optionChange('taskmanager', optionKeys.localRecovery(job.flinkVersion), 'true', configuration)],
        effect: {
          metric: 'checkpointStateBytes',
          label: labelOf('checkpointStateBytes'),
          from: state,
          to: 0,
          low: 0,
          high: state,
          unit: 'bytes',
        },
        verify: ['<', state],
        restart: 'cluster',
        note: text(
          'up to twice the state on local disks with full checkpoints',
          '全量检查点下本地磁盘最多占用两倍状态',
        ),
        prerequisites: [text('the local disks have room for the state', '本地磁盘能容纳状态')],
        source: 'ops/state/large_state_tuning/#task-local-recovery',
      },
      { job, history },
    );
  },
});
