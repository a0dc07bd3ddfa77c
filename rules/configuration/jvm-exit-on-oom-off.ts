import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import { optionChange } from '../../analyzer/tuning/advice.js';
import { text } from '../../analyzer/text.js';
import { runningMs } from '../support/facts.js';
import { settingAdvice } from '../support/setting-advice.js';
import { isContainer, isOn } from '../support/settings.js';

export const jvmExitOnOomOff = defineRule({
  id: 'jvm-exit-on-oom-off',
  category: 'configuration',
  title: text('A TaskManager that ran out of memory lives on', '内存耗尽的 TaskManager 仍继续运行'),
  severityMax: 'info',
  basis: 'configuration',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['configuration', 'history'],
  options: {},
  detect({ job, nowMs, configuration }) {
    if (!isContainer(configuration) || isOn(configuration, KEY)) return [];
    return [
      {
        severity: 'info' as const,
        confidence: 0.8,
        subject: { kind: 'job' as const },
        title: text('A TaskManager does not end when a task runs out of memory', '任务内存耗尽时 TaskManager 不会退出'),
        summary: text(
          'After an OutOfMemoryError a JVM may be half alive: threads are gone, heartbeats go on, tasks come back to it and fail again. In containers a new one is there in seconds.',
          'OutOfMemoryError 之后 JVM 可能处于半死状态：部分线程消失，心跳仍在，任务又被调度回来并再次失败。容器环境几秒内即可重建。',
        ),
        evidence: evidence('settingsFound', 0, runningMs(job, nowMs), ['=', 0]),
        wouldChange: [text('the option is on', '开启该选项')],
      },
    ];
  },
  advise(_finding, { job, history, configuration }) {
    return settingAdvice(
      {
        kind: 'config',
        title: text('End a TaskManager that ran out of memory', '内存耗尽时退出 TaskManager'),
        changes: [optionChange('taskmanager', KEY, 'true', configuration)],
        effect: { metric: 'settingsFound', label: labelOf('settingsFound'), from: 0, to: 1, unit: 'count' },
        verify: ['=', 1],
        restart: 'cluster',
        note: text('the tasks of all jobs on it restart with it', '其上所有作业的任务都会随之重启'),
        source: 'deployment/config/#taskmanager-jvm-exit-on-oom',
      },
      { job, history },
    );
  },
});

const KEY = 'taskmanager.jvm-exit-on-oom';
