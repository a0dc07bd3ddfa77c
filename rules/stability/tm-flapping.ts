import { defineRule, type Verdict } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { text } from '../../analyzer/text.js';

const HOT_MS = 2_700_000;
/** A loss in the list and the failure that tells of it lie no further apart (`tm-lost`). */
const SAME_LOSS_MS = 120_000;

export const tmFlapping = defineRule({
  id: 'tm-flapping',
  category: 'stability',
  title: text('A machine loses TaskManagers again and again', '某台机器反复丢失 TaskManager'),
  severityMax: 'warning',
  basis: 'measured',
  opens: 'at-once',
  appliesTo: 'any-state',
  needs: ['exceptions', 'history'],
  options: {
    losses: {
      default: 2,
      unit: 'count',
      description: 'TaskManagers of one host lost within three quarters of an hour',
    },
  },
  detect({ exceptions, history, nowMs }, { losses }) {
    const failed = exceptions.incidents.filter(({ kind }) => kind === 'taskmanager-lost');
    // One that left without a failure was released in order.
    const lost = history.taskManagers.filter(
      ({ goneMs }) =>
        goneMs !== undefined &&
        nowMs - goneMs <= HOT_MS &&
        failed.some(({ atMs }) => Math.abs(atMs - goneMs) <= SAME_LOSS_MS),
    );
    const hosts = [...new Set(lost.map(({ host }) => host))];
    const others = history.taskManagers.some(({ host }) => lost.every((tm) => tm.host !== host));
    return hosts.flatMap((host): Verdict[] => {
      const here = lost.filter((tm) => tm.host === host);
      const last = here.at(-1);
      // On a cluster of one machine every loss is on it: that says nothing of the machine.
      if (here.length < losses || last === undefined || !others) return [];
      return [
        {
          severity: 'warning',
          confidence: 0.8,
          subject: { kind: 'taskmanager', taskManagerId: last.taskManagerId },
          title: text(`${host} lost ${here.length} TaskManagers`, `${host} 丢失了 ${here.length} 个 TaskManager`),
          summary: text(
            `Other machines kept theirs. Look at ${host}: its memory, its disk, its system log. Until then keep Flink off it (cordon the node, or leave it out of the workers).`,
            `其他机器没有丢失。请检查 ${host} 的内存、磁盘与系统日志；在此之前不要在其上运行 Flink（cordon 该节点或从 workers 中去掉）。`,
          ),
          evidence: evidence('failures', here.length, HOT_MS, ['>=', losses]),
          wouldChange: [text('three quarters of an hour without a loss there', '45 分钟内该机器没有丢失')],
        },
      ];
    });
  },
  advise: () => [],
});
