import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { text } from '../../analyzer/text.js';
import { runningMs } from '../support/facts.js';
import { settingOf } from '../support/settings.js';

export const haStorageLocal = defineRule({
  id: 'ha-storage-local',
  category: 'configuration',
  title: text('High availability keeps its data on one machine', '高可用数据保存在单台机器上'),
  severityMax: 'info',
  basis: 'configuration',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['configuration', 'history'],
  options: {},
  detect({ job, nowMs, configuration, history }) {
    const type = settingOf(configuration, 'high-availability.type', 'high-availability')?.toLowerCase() ?? 'none';
    const directory = settingOf(configuration, 'high-availability.storageDir') ?? '';
    const hosts = new Set(history.taskManagers.filter(({ goneMs }) => goneMs === undefined).map(({ host }) => host));
    if (type === 'none' || !/^(file:|\/)/i.test(directory) || hosts.size < 2) return [];
    return [
      {
        severity: 'info' as const,
        confidence: 0.6,
        subject: { kind: 'job' as const },
        title: text('High availability keeps its data in a local path', '高可用数据位于本地路径'),
        summary: text(
          'Unless that path is mounted on every machine, a JobManager elsewhere finds nothing to recover from.',
          '除非该路径挂载到每台机器，否则其他机器上的 JobManager 无法恢复。',
        ),
        evidence: evidence('hosts', hosts.size, runningMs(job, nowMs), ['>=', 2]),
        wouldChange: [text('a path that every machine reaches', '使用所有机器可访问的路径')],
      },
    ];
  },
  // Which storage there is only the owner of the cluster knows.
  advise: () => [],
});
