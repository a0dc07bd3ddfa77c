import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { WAIT_RATIO_MIN } from '../../analyzer/graph/cause.js';
import { isArrivalComing } from '../../analyzer/signals/lag.js';
import { LOAD_WINDOW_MS } from '../../analyzer/signals/load.js';
import { capacityOf, planParallelism } from '../../analyzer/tuning/parallelism.js';
import { demandNote, parallelismAdvice } from '../../analyzer/tuning/advice.js';
import { contentionIn } from '../../analyzer/tuning/scalability.js';
import { scaleOutWasFutile } from '../../analyzer/tuning/scale-outs.js';
import { compact, duration, percent, text } from '../../analyzer/text.js';
import { bottlenecksBy, pressureEvidence, pressureSeverity } from '../support/pressure.js';
import { vertexSubject } from '../support/subjects.js';
import { onlyWrites } from '../support/sinks.js';
import { relieveOutside, waitLess, writeTogether } from '../support/wait-advice.js';

export const bpExternalWait = defineRule({
  id: 'bp-external-wait',
  category: 'backpressure',
  title: text('A vertex waits for something outside Flink', '某个顶点在等待 Flink 之外的系统'),
  severityMax: 'critical',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['load', 'bottlenecks', 'lag', 'slots', 'history'],
  options: {},
  detect({ job, load, bottlenecks, lag }) {
    return bottlenecksBy(bottlenecks, 'external-wait', lag).map((bottleneck) => {
      const { vertexId, cause, busyMax } = bottleneck;
      const name = job.vertexName(vertexId);
      const perRecordMs = (capacityOf(job, load, lag).get(vertexId)?.secondsPerRecord ?? NaN) * 1000;
      const each = Number.isFinite(perRecordMs) ? duration(perRecordMs) : undefined;
      return {
        severity: pressureSeverity(lag),
        confidence: 0.9,
        subject: vertexSubject(job, vertexId),
        title: text(
          `${name} waits for something outside${each === undefined ? '' : `: ${each} per record`}`,
          `${name} 在等待外部系统${each === undefined ? '' : `：每条记录 ${each}`}`,
        ),
        summary: text(
          `It is ${percent(busyMax)} busy, yet ${percent(cause.waitRatio)} of that time uses no CPU: a database, a service, a lock or a sleep answers too slowly.`,
          `它的繁忙率为 ${percent(busyMax)}，但其中 ${percent(cause.waitRatio)} 的时间不占用 CPU：数据库、服务、锁或睡眠响应太慢。`,
        ),
        evidence: [
          ...pressureEvidence(bottleneck, lag),
          ...evidence('waitRatio', cause.waitRatio, LOAD_WINDOW_MS, ['>=', WAIT_RATIO_MIN]),
        ],
        wouldChange: [
          text(
            'the TaskManager uses a core for each busy subtask: then it computes and does not wait',
            '若 TaskManager 为每个繁忙子任务占满一个核，则它是在计算而非等待',
          ),
        ],
        notSeen: [
          {
            signal: text('flame graph', '火焰图'),
            enableBy: text(
              'rest.flamegraph.enabled: true shows the call that waits (Off-CPU)',
              '设置 rest.flamegraph.enabled: true 可看到正在等待的调用（Off-CPU）',
            ),
          },
          {
            // Seen on 1.20.3: a job that only computed, beside four clusters on two cores, was 100 % busy with .4 of a core a subtask.
            signal: text('CPU taken by others', '被其他进程占用的 CPU'),
            enableBy: text(
              'Flink does not tell it: a CPU limit or another process that takes the cores looks the same. See the throttling of the container (container_cpu_cfs_throttled_seconds_total) or the load of the machine',
              'Flink 不报告该值：CPU 限额或其他进程占用核心时表现相同。请查看容器的 CPU 限流（container_cpu_cfs_throttled_seconds_total）或机器负载',
            ),
          },
        ],
      };
    });
  },
  advise(finding, { job, load, bottlenecks, lag, history, slots }) {
    const bottleneck = bottlenecks.find(({ vertexId }) => vertexId === finding.subject.vertexId);
    const vertex = history.vertices.find(({ vertexId }) => vertexId === finding.subject.vertexId);
    if (bottleneck === undefined || vertex === undefined) return [];
    const capacities = capacityOf(job, load, lag);
    const plan = planParallelism(bottleneck, capacities, lag, { job, history });
    if (plan === undefined && isArrivalComing(lag)) return [];
    const contention = contentionIn(history, bottleneck.vertexId);
    const wasFutile = scaleOutWasFutile(vertex) || (plan === undefined && contention !== undefined);
    const writes = onlyWrites(job, bottleneck.vertexId);
    if (plan === undefined || wasFutile || writes) {
      const capacity = capacities.get(bottleneck.vertexId);
      if (capacity === undefined) return [];
      const name = job.vertexName(bottleneck.vertexId);
      if (wasFutile) return [relieveOutside(name, capacity, contention)];
      return [writes ? writeTogether(name, capacity, plan?.to) : waitLess(name, capacity)];
    }
    const demand = demandNote(plan);
    return [
      parallelismAdvice(
        plan,
        { job, history, slots },
        {
          confidence: 0.75,
          prerequisites: [
            text(
              `the outside system takes ${compact(plan.throughput.to)} requests/s (now ${compact(plan.throughput.from)}): if it is at its own limit, this changes nothing`,
              `外部系统能承受每秒 ${compact(plan.throughput.to)} 次请求（现为 ${compact(plan.throughput.from)}）：若它已到极限，此举无效`,
            ),
            demand,
          ],
          rejected: [
            {
              alternative: text('asynchronous I/O or batched requests', '异步 I/O 或批量请求'),
              why: text(
                'gains more (many requests in flight per subtask) but needs a change of code; do it when the parallelism grows large',
                '收益更大（每个子任务可并发多个请求），但需要改代码；并行度过大时应采用',
              ),
            },
            {
              alternative: text('more CPU or memory', '增加 CPU 或内存'),
              why: text('the time is spent waiting, not computing', '时间花在等待而非计算上'),
            },
          ],
        },
      ),
    ];
  },
});
