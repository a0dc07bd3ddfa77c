import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import { optionChange } from '../../analyzer/tuning/advice.js';
import { text, listed } from '../../analyzer/text.js';
import { runningMs } from '../support/facts.js';
import { settingAdvice } from '../support/setting-advice.js';
import { settingOf, isOn, durationMs } from '../support/settings.js';

export const debugLeftOn = defineRule({
  id: 'debug-left-on',
  category: 'configuration',
  title: text('Expensive tracing is switched on', '开启了昂贵的跟踪'),
  severityMax: 'info',
  basis: 'configuration',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['configuration', 'history'],
  options: {},
  detect({ job, nowMs, configuration }) {
    const found = [
      ...((durationMs(settingOf(configuration, INTERVAL)) ?? 0) > 0 ? [INTERVAL] : []),
      ...TRACKED.filter((key) => isOn(configuration, key)),
    ];
    if (found.length === 0) return [];
    const names = listed(found);
    return [
      {
        severity: 'info' as const,
        confidence: 0.85,
        subject: { kind: 'job' as const },
        title: text(`Tracing is on: ${names.en}`, `已开启跟踪：${names['zh-CN']}`),
        summary: text(
          'Latency markers make a histogram for every source and subtask; state tracking times every access. Both cost throughput and are meant for an hour of looking.',
          '延迟标记会为每个源端与子任务生成直方图；状态跟踪会计时每次访问。两者都消耗吞吐，只适合短期排查。',
        ),
        evidence: evidence('settingsFound', found.length, runningMs(job, nowMs), ['>=', 1]),
        wouldChange: [text('they are off', '关闭它们')],
      },
    ];
  },
  advise(_finding, { job, history, configuration }) {
    const found = [
      ...((durationMs(settingOf(configuration, INTERVAL)) ?? 0) > 0 ? [[INTERVAL, '0'] as const] : []),
      ...TRACKED.filter((key) => isOn(configuration, key)).map((key) => [key, 'false'] as const),
    ];
    return settingAdvice(
      {
        kind: 'config',
        title: text('Switch the tracing off', '关闭跟踪'),
        changes: found.map(([key, to]) => optionChange('job', key, to, configuration)),
        effect: { metric: 'settingsFound', label: labelOf('settingsFound'), from: found.length, to: 0, unit: 'count' },
        verify: ['=', 0],
        restart: 'job',
        note: text('the latency metrics disappear', '延迟指标将消失'),
        source: 'ops/metrics/#end-to-end-latency-tracking',
      },
      { job, history },
    );
  },
});

const INTERVAL = 'metrics.latency.interval';
/** The second is the name before 1.20. Flame graphs are not here: they sample only while somebody looks. */
const TRACKED = ['state.latency-track.keyed-state-enabled', 'state.backend.latency-track.keyed-state-enabled'];
