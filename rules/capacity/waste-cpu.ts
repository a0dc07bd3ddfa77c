import { defineRule, type RuleView } from '../../analyzer/engine/rule.js';
import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import { optionChange } from '../../analyzer/tuning/advice.js';
import { compact, duration, percent, text } from '../../analyzer/text.js';
import { coresGiven, isCalm, peakCoresOf } from '../support/calm.js';
import { CPU_NOT_TOLD } from '../support/not-told.js';
import { A_DAY, remark } from '../support/remark.js';
import { settingAdvice } from '../support/setting-advice.js';
import { runningMs } from '../support/facts.js';
import { settingOf } from '../support/settings.js';

/** Diagnosis §5.13: what the busiest minute may take of the cores after the change. */
const TARGET = 0.6;
/** Resource managers give halves as well as wholes. */
const STEP = 0.5;
const KEYS = ['kubernetes.taskmanager.cpu.amount', 'kubernetes.taskmanager.cpu', 'yarn.containers.vcores'];

export const wasteCpu = defineRule({
  id: 'waste-cpu',
  category: 'capacity',
  title: text('TaskManagers are given more CPU than they use', 'TaskManager 分到的 CPU 多于所用'),
  severityMax: 'info',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['configuration', 'lag', 'peakLoad', 'history'],
  options: {
    utilisation: {
      default: 0.4,
      unit: 'ratio',
      description: 'share of the cores used in the busiest minute, below which it is said',
    },
    runningMs: A_DAY,
  },
  detect(view, limits) {
    const { job, nowMs, configuration, lag, peakLoad, history } = view;
    const given = coresGiven(configuration);
    if (given === undefined) return { notEvaluated: GIVEN_NOT_TOLD };
    // On a cluster of several jobs the CPU is that of all of them, and none of them can say what to give.
    if (history.jobsOnCluster !== 1 || runningMs(job, nowMs) < limits.runningMs || !isCalm(lag, peakLoad)) return [];
    const used = usedOf(view);
    if (used === undefined) return { notEvaluated: CPU_NOT_TOLD };
    const then = coresFor(used.cores);
    if (used.cores / given >= limits.utilisation || then >= given) return [];
    return [
      remark({
        subject: { kind: 'cluster' },
        confidence: 0.6,
        title: text(
          `${compact(then)} of the ${compact(given)} cores of a TaskManager would do`,
          `TaskManager 的 ${compact(given)} 个核中 ${compact(then)} 个就够用`,
        ),
        summary: text(
          `In the busiest minute of the last ${duration(used.windowMs)} the fullest one used ${percent(used.cores / given)}. A daily peak outside this window is not known, and catching up after a failure needs room too.`,
          `最近 ${duration(used.windowMs)} 最忙的一分钟里，最满的一个使用了 ${percent(used.cores / given)}。窗口之外的高峰未知，故障后的追赶也需要余量。`,
        ),
        evidence: [
          ...evidence('cpuCoresUsed', used.cores, used.windowMs, ['<', limits.utilisation * given]),
          ...evidence('cpuCores', given, used.windowMs),
        ],
        until: text('a minute that uses more', '出现使用更多的一分钟'),
      }),
    ];
  },
  advise(_finding, view) {
    const { job, history, configuration } = view;
    const given = coresGiven(configuration);
    const used = usedOf(view);
    const key = KEYS.find((name) => settingOf(configuration, name) !== undefined);
    if (given === undefined || used === undefined || key === undefined) return [];
    const cores = key === 'yarn.containers.vcores' ? Math.ceil(coresFor(used.cores)) : coresFor(used.cores);
    if (cores >= given) return [];
    const then = used.cores / cores;
    return settingAdvice(
      {
        kind: 'config',
        title: text(
          `Give each TaskManager ${cores} cores instead of ${given}`,
          `将每个 TaskManager 的核数从 ${given} 调整为 ${cores}`,
        ),
        changes: [optionChange('taskmanager', key, cores, configuration)],
        effect: {
          metric: 'cpuUtilisation',
          label: labelOf('cpuUtilisation'),
          from: used.cores / given,
          to: then,
          low: then * 0.85,
          high: Math.min(1, then * 1.15),
          unit: 'ratio',
        },
        verify: ['<=', 0.8],
        restart: 'cluster',
        note: text('less reserve for peaks and for catching up after a restart', '应对高峰与重启追赶的余量减少'),
        prerequisites: [
          text(
            `the last ${duration(used.windowMs)} hold the highest load`,
            `最近 ${duration(used.windowMs)} 已包含最高负载`,
          ),
        ],
        confidence: 0.6,
        source: 'deployment/config/#kubernetes-taskmanager-cpu-amount',
      },
      { job, history },
    );
  },
});

const coresFor = (used: number): number => Math.max(STEP, Math.ceil(used / TARGET / STEP) * STEP);

/** Of the fullest TaskManager; undefined while one of them has not told it for five minutes. */
function usedOf({ history }: RuleView<'history'>): { readonly cores: number; readonly windowMs: number } | undefined {
  let fullest: { readonly cores: number; readonly windowMs: number } | undefined;
  for (const taskManager of history.taskManagers) {
    if (taskManager.goneMs !== undefined) continue;
    const peak = peakCoresOf(taskManager);
    if (peak === undefined) return undefined;
    if (fullest === undefined || peak.cores > fullest.cores) fullest = peak;
  }
  return fullest;
}

const GIVEN_NOT_TOLD = text(
  'the cores that a TaskManager was given are not told: kubernetes.taskmanager.cpu.amount or yarn.containers.vcores would',
  '未给出 TaskManager 分到的核数：kubernetes.taskmanager.cpu.amount 或 yarn.containers.vcores 可提供',
);
