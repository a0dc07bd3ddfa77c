import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { duration, text } from '../../analyzer/text.js';
import { settingOf } from '../support/settings.js';

/** Rescales that somebody or something wanted; a start and a recovery are none. */
const WANTED = ['UPDATE_REQUIREMENT', 'NEW_RESOURCE_AVAILABLE'];

export const rescaleFlapping = defineRule({
  id: 'rescale-flapping',
  category: 'stability',
  title: text('The job is rescaled again and again', '作业反复伸缩'),
  severityMax: 'warning',
  basis: 'measured',
  opens: 'at-once',
  appliesTo: 'any-state',
  needs: ['history'],
  options: {
    rescales: { default: 3, unit: 'count', description: 'rescales within the window from which it is said' },
    windowMs: { default: 3_600_000, unit: 'ms', description: 'window that they are counted in' },
  },
  detect({ job, history, nowMs }, { rescales, windowMs }) {
    if (history.rescales === undefined) return isAdaptive(history.configuration) ? { notEvaluated: NOT_TOLD } : [];
    const recent = history.rescales.filter(
      ({ startMs, outcome, cause }) =>
        nowMs - startMs <= windowMs && outcome === 'COMPLETED' && WANTED.includes(cause ?? ''),
    );
    if (recent.length < rescales) return [];
    return [
      {
        severity: 'warning' as const,
        confidence: 0.9,
        subject: { kind: 'job' as const },
        title: text(
          `${job.name} was rescaled ${recent.length} times within ${duration(windowMs)}`,
          `${job.name} 在 ${duration(windowMs)} 内伸缩了 ${recent.length} 次`,
        ),
        summary: text(
          'Each rescale restores the state and leaves a backlog, and the backlog looks like load: the next one follows. Wider bounds of utilisation (0.4–0.8), a stabilisation of five minutes and an hour before scaling down let it come to rest.',
          '每次伸缩都要恢复状态并留下积压，而积压看似负载，又引发下一次。放宽利用率边界（0.4–0.8）、稳定期 5 分钟、缩容间隔 1 小时可使其平稳。',
        ),
        evidence: evidence('rescales', recent.length, windowMs, ['>=', rescales]),
        wouldChange: [text('an hour with fewer rescales', '一小时内伸缩减少')],
      },
    ];
  },
  // The bounds belong to whoever rescales: the operator's autoscaler, reactive mode, a person.
  advise: () => [],
});

function isAdaptive(configuration: Readonly<Record<string, string>>): boolean {
  const said = settingOf(configuration, 'scheduler-mode', 'jobmanager.scheduler')?.toLowerCase();
  return said === 'adaptive' || said === 'reactive';
}

const NOT_TOLD = text(
  'rescales of an adaptive scheduler are told from Flink 2.3 on (/jobs/:jobid/rescales/history); before, numRescales (2.0+) would count them, which is not read',
  '自适应调度器的伸缩记录自 Flink 2.3 起提供（/jobs/:jobid/rescales/history）；此前可用 numRescales（2.0+）计数，但未读取',
);
