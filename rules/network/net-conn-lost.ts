import { defineRule } from '../../analyzer/engine/rule.js';
import { text } from '../../analyzer/text.js';
import { FAILURE_OPTIONS, failureVerdict, times, toldFailure } from '../support/failure-verdict.js';

export const netConnLost = defineRule({
  id: 'net-conn-lost',
  category: 'network',
  title: text('Connections between TaskManagers break', 'TaskManager 之间的连接中断'),
  severityMax: 'critical',
  basis: 'measured',
  opens: 'at-once',
  appliesTo: 'any-state',
  needs: ['exceptions', 'history'],
  options: {
    ...FAILURE_OPTIONS,
    // A heartbeat runs out after 50 s and the list of TaskManagers is 10–20 s old (CALIBRATION, L44).
    stayedMs: {
      default: 120_000,
      unit: 'ms',
      description:
        'around the failure no TaskManager may have left or joined for so long: else it is a lost TaskManager',
    },
  },
  detect({ job, exceptions, history, nowMs }, { warningCount, stayedMs }) {
    const failure = toldFailure('net-conn-lost', exceptions, job, nowMs, warningCount);
    if (failure === undefined) return [];
    const watchedSinceMs = history.rounds[0]?.atMs ?? nowMs;
    const moved = history.taskManagers.flatMap(({ goneMs, firstSeenMs }) => [
      goneMs ?? -Infinity,
      firstSeenMs > watchedSinceMs ? firstSeenMs : -Infinity,
    ]);
    const near = (atMs: number): boolean => moved.some((movedMs) => Math.abs(movedMs - atMs) <= stayedMs);
    // Whether the other side died is known only where Weir looked before and long enough after the failure.
    const alone = failure.fallsMs.filter((atMs) => atMs >= watchedSinceMs && nowMs - atMs >= stayedMs && !near(atMs));
    const lastMs = alone.at(-1);
    if (lastMs === undefined || history.taskManagers.length < 2) return [];
    const own = toldFailure(
      'net-conn-lost',
      { ...exceptions, named: [{ ...failure, fallsMs: alone }] },
      job,
      nowMs,
      warningCount,
    );
    if (own === undefined) return [];
    return [
      failureVerdict(own, {
        title: text(
          `A connection between TaskManagers broke (${times(own).en}), and both are still there`,
          `TaskManager 之间的连接中断（${times(own)['zh-CN']}），且双方仍在`,
        ),
        summary: text(
          'No TaskManager left or came around that time, so it is the way between them: a network fault, a firewall or proxy that cuts quiet connections, or a pause of minutes on one side. No option of Flink mends that; on quiet exchanges keep-alive below the idle time of the firewall helps.',
          '当时没有 TaskManager 离开或加入，因此问题在两者之间的链路：网络故障、切断空闲连接的防火墙或代理，或一侧长时间停顿。Flink 选项无法修复；空闲连接可用小于防火墙超时的 keep-alive。',
        ),
      }),
    ];
  },
  // The fault lies between the machines.
  advise: () => [],
});
