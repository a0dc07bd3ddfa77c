import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import { collectionsOf } from '../../analyzer/signals/collections.js';
import { optionChange } from '../../analyzer/tuning/advice.js';
import { max, present } from '../../analyzer/numbers.js';
import { duration, text } from '../../analyzer/text.js';
import { GC_NOT_TOLD } from '../support/not-told.js';
import { settingAdvice } from '../support/setting-advice.js';
import { durationMs, settingOf } from '../support/settings.js';

/** As long as `gc-long-pause` looks back. */
const WINDOW_MS = 600_000;
const KEY = 'heartbeat.timeout';
/** Flink's default, 1.13 to 2.3. */
const DEFAULT_MS = 50_000;

export const tmTimeoutAggressive = defineRule({
  id: 'tm-timeout-aggressive',
  category: 'configuration',
  title: text('A pause may pass for a lost TaskManager', '停顿可能被当作 TaskManager 丢失'),
  severityMax: 'info',
  basis: 'configuration',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['configuration', 'history'],
  options: {
    // Diagnosis §5.11.
    timeoutMs: { default: 30_000, unit: 'ms', description: 'heartbeat timeout below which it is short' },
    pauseMs: { default: 5000, unit: 'ms', description: 'pause of a collection that was seen, from which it is close' },
  },
  detect({ configuration, history, nowMs }, { timeoutMs, pauseMs }) {
    const set = durationMs(settingOf(configuration, KEY)) ?? DEFAULT_MS;
    if (set >= timeoutMs) return [];
    const told = present(history.taskManagers.map((tm) => collectionsOf(tm, nowMs - WINDOW_MS)));
    const longest = max(told.map(({ longestPauseMs }) => longestPauseMs));
    if (longest === undefined) return { notEvaluated: GC_NOT_TOLD };
    if (longest < pauseMs) return [];
    const windowMs = max(told.map((collections) => collections.windowMs)) ?? WINDOW_MS;
    return [
      {
        severity: 'info' as const,
        confidence: 0.8,
        subject: { kind: 'job' as const },
        title: text(
          `Heartbeats run out after ${duration(set)}, and a collection paused for ${duration(longest)}`,
          `心跳超时为 ${duration(set)}，而一次垃圾回收停顿了 ${duration(longest)}`,
        ),
        summary: text(
          'A TaskManager in a pause answers no heartbeat. When the next pause is longer than the timeout it counts as lost, and all its tasks start anew.',
          '停顿中的 TaskManager 不响应心跳。若下次停顿超过超时时间，它会被视为丢失，其上所有任务都将重启。',
        ),
        evidence: [
          ...evidence('settingMs', set, windowMs, ['<', timeoutMs]),
          ...evidence('longestPauseMs', longest, windowMs, ['>=', pauseMs]),
        ],
        wouldChange: [text('ten minutes without such a pause', '十分钟内没有这样的停顿')],
      },
    ];
  },
  advise(_finding, { job, history, configuration }) {
    const from = durationMs(settingOf(configuration, KEY)) ?? 0;
    return settingAdvice(
      {
        kind: 'config',
        title: text('Wait for a heartbeat as long as Flink does by default', '心跳超时恢复为 Flink 默认值'),
        // A bare number is milliseconds in every version; up to 1.17 the option takes nothing else.
        changes: [optionChange('jobmanager', KEY, DEFAULT_MS, configuration)],
        effect: { metric: 'settingMs', label: labelOf('settingMs'), from, to: DEFAULT_MS, unit: 'ms' },
        verify: ['>=', DEFAULT_MS],
        restart: 'cluster',
        note: text('a TaskManager that is lost is noticed later', 'TaskManager 真正丢失时发现得更晚'),
        rejected: [
          {
            alternative: text('only shorter pauses', '只缩短停顿'),
            why: text('that is the cure, and takes longer than this setting', '这才是根本办法，但比改设置慢'),
          },
        ],
        source: 'deployment/config/#heartbeat-timeout',
      },
      { job, history },
    );
  },
});
