import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import { optionChange } from '../../analyzer/tuning/advice.js';
import { optionKeys } from '../../analyzer/tuning/option-keys.js';
import { percent, text } from '../../analyzer/text.js';
import { max, sum } from '../../analyzer/numbers.js';
import { CPU_NOT_TOLD } from '../support/not-told.js';
import { settingAdvice } from '../support/setting-advice.js';
import { utilisationOf } from '../../analyzer/graph/cause.js';
import type { TaskManagerLoad } from '../../analyzer/signals/task-managers.js';

export const slotsNotSpread = defineRule({
  id: 'slots-not-spread',
  category: 'capacity',
  title: text('One TaskManager is full while another rests', '一个 TaskManager 满载而另一个空闲'),
  severityMax: 'warning',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['taskManagers', 'history', 'configuration'],
  options: {
    busyShare: { default: 0.85, unit: 'ratio', description: 'CPU of the machine from which it is full' },
    idleShare: { default: 0.3, unit: 'ratio', description: 'CPU of another machine below which it rests' },
    slots: { default: 2, unit: 'count', description: 'slots in use more than there' },
  },
  detect({ taskManagers }, limits) {
    const alive = taskManagers.filter(({ gone, cpuCoresUsed }) => !gone && cpuCoresUsed !== undefined);
    if (alive.length === 0) return { notEvaluated: CPU_NOT_TOLD };
    const used = (tm: TaskManagerLoad): number => tm.slots - tm.slotsFree;
    const full = alive.filter((tm) => tm.busySum > 0 && utilisationOf(tm, alive) >= limits.busyShare);
    const pairs = full.flatMap((tm) =>
      alive
        .filter((rest) => rest.host !== tm.host && rest.slotsFree > 0 && used(tm) - used(rest) >= limits.slots)
        .filter((rest) => utilisationOf(rest, alive) <= limits.idleShare)
        .map((rest) => ({ tm, rest })),
    );
    const pair = pairs[0];
    if (pair === undefined) return [];
    const { tm, rest } = pair;
    return [
      {
        severity: 'warning' as const,
        confidence: 0.85,
        subject: { kind: 'taskmanager' as const, taskManagerId: tm.taskManagerId },
        title: text(
          `${tm.taskManagerId} uses ${percent(utilisationOf(tm, alive))} of its machine, ${rest.taskManagerId} ${percent(utilisationOf(rest, alive))}`,
          `${tm.taskManagerId} 占用其机器 ${percent(utilisationOf(tm, alive))}，${rest.taskManagerId} 仅 ${percent(utilisationOf(rest, alive))}`,
        ),
        summary: text(
          `${used(tm)} slots are in use there and ${used(rest)} here: Flink fills one TaskManager before it takes the next.`,
          `前者使用 ${used(tm)} 个 slot，后者 ${used(rest)} 个：Flink 默认先填满一个 TaskManager。`,
        ),
        evidence: [
          ...evidence('cpuUtilisation', utilisationOf(tm, alive), Math.max(1, tm.windowMs), ['>=', limits.busyShare]),
          ...evidence('slotsUsed', used(tm), Math.max(1, tm.windowMs), ['>=', used(rest) + limits.slots]),
        ],
        wouldChange: [text('the machines are loaded alike', '各机器负载相近')],
      },
    ];
  },
  advise(_finding, { job, history, configuration, taskManagers }) {
    const alive = taskManagers.filter(({ gone }) => !gone);
    const from = max(alive.map((tm) => tm.slots - tm.slotsFree)) ?? 0;
    const [key, value] = optionKeys.spreadSlots(job.flinkVersion);
    const to = Math.ceil(sum(alive.map((tm) => tm.slots - tm.slotsFree)) / Math.max(1, alive.length));
    return settingAdvice(
      {
        kind: 'slots',
        title: text('Spread the slots over the TaskManagers', '将 slot 分散到各 TaskManager'),
        changes: [optionChange('jobmanager', key, value, configuration)],
        effect: { metric: 'slotsUsed', label: labelOf('slotsUsed'), from, to, unit: 'slots' },
        verify: ['<=', to],
        restart: 'cluster',
        note: text(
          'empty TaskManagers become rare, so that fewer are given back',
          '空闲 TaskManager 变少，归还的也变少',
        ),
        source: 'deployment/config/',
      },
      { job, history },
    );
  },
});
