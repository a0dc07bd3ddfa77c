import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { parseMemorySize } from '../../analyzer/tuning/values/memory-size.js';
import { listed, text } from '../../analyzer/text.js';
import { runningMs } from '../support/facts.js';
import { remark } from '../support/remark.js';
import { settingOf } from '../support/settings.js';

const PREFIX = 'taskmanager.memory.';
const PARTS = ['task.heap.size', 'managed.size'] as const;

export const memConfigConflict = defineRule({
  id: 'mem-config-conflict',
  category: 'memory',
  title: text('Memory is set twice', '内存被重复设置'),
  severityMax: 'info',
  basis: 'configuration',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['configuration'],
  options: {},
  detect({ job, nowMs, configuration }) {
    const set = (name: string): boolean => parseMemorySize(settingOf(configuration, PREFIX + name) ?? '') !== undefined;
    const totals = ['process.size', 'flink.size'].filter(set);
    const parts = PARTS.filter(set);
    // Both parts together are one way to say it all; one of them beside a total is none.
    const isByParts = parts.length === PARTS.length;
    const ways = totals.length + (isByParts ? 1 : 0);
    if (ways < 2) return [];
    const names = listed([...totals, ...(isByParts ? parts : [])].map((name) => PREFIX + name));
    return [
      remark({
        title: text(`Memory is set in more than one way: ${names.en}`, `内存以多种方式设置：${names['zh-CN']}`),
        summary: text(
          'Flink takes one of them, works out the rest, and refuses to start when they do not add up: a change to one of them later is such a start. Keep exactly one: the process size, the Flink size, or heap and managed memory.',
          'Flink 以其一为准推算其余，不一致时拒绝启动：日后只改其一就会如此。请只保留一种：进程内存、Flink 内存，或任务堆加托管内存。',
        ),
        evidence: evidence('settingsFound', ways, runningMs(job, nowMs), ['>=', 2]),
        until: text('one of them is left', '只保留其一'),
      }),
    ];
  },
  // Which of them is meant only who set them knows.
  advise: () => [],
});
