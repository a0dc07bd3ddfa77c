import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { duration, text } from '../../analyzer/text.js';
import { lastLooks, METRIC_WINDOW_MS, taskReadings } from '../support/operator-metrics.js';
import { remark } from '../support/remark.js';
import { isOn } from '../support/settings.js';
import { vertexSubject } from '../support/subjects.js';

const LOOKS = 3;

export const stateChangelogBusy = defineRule({
  id: 'state-changelog-busy',
  category: 'state',
  title: text('Writing the changelog takes much of the time', '写变更日志占用大量时间'),
  severityMax: 'info',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['configuration', 'history'],
  options: {
    msPerSecond: { default: 100, unit: 'ms', description: 'time of each second from which it is said' },
  },
  detect({ job, nowMs, configuration, history }, { msPerSecond }) {
    const isUsed =
      isOn(configuration, 'state.changelog.enabled', 'state.backend.changelog.enabled') ||
      /changelog/i.test(history.checkpointConfig?.stateBackend ?? '');
    if (!isUsed) return [];
    const told = history.vertices
      .map((vertex) => ({ vertex, readings: taskReadings(vertex, 'changelogBusyTimeMsPerSecond', job, nowMs) }))
      .filter(({ readings }) => readings.length >= LOOKS);
    if (told.length === 0) return { notEvaluated: NOT_TOLD };
    return told.flatMap(({ vertex: { vertexId, name }, readings }) => {
      const held = lastLooks(readings, LOOKS, ({ max = 0 }) => max >= msPerSecond)?.max;
      if (held === undefined) return [];
      return [
        remark({
          subject: vertexSubject(job, vertexId),
          title: text(
            `${name} spends ${duration(held)} of each second on its changelog`,
            `${name} 每秒有 ${duration(held)} 用于写变更日志`,
          ),
          summary: text(
            'It waits for uploads of its changes. dstl.dfs.upload.max-in-flight and dstl.dfs.upload.num-threads let more of them go at once; without the changelog checkpoints are longer and the records are not slowed.',
            '它在等待变更上传。可调大 dstl.dfs.upload.max-in-flight 与 dstl.dfs.upload.num-threads；关闭变更日志则检查点更长但不拖慢处理。',
          ),
          evidence: evidence('changelogBusyMs', held, METRIC_WINDOW_MS, ['>=', msPerSecond]),
          until: text('less time for it', '耗时减少'),
        }),
      ];
    });
  },
  // Whether short checkpoints are worth it only the owner knows.
  advise: () => [],
});

const NOT_TOLD = text(
  'the changelog is on, and changelogBusyTimeMsPerSecond (1.18+) was not told three times yet',
  '已开启变更日志，但 changelogBusyTimeMsPerSecond（1.18+）尚未报告三次',
);
