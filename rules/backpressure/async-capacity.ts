import { defineRule, type Verdict } from '../../analyzer/engine/rule.js';
import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import type { Change } from '../../analyzer/engine/recommendation.js';
import { WAIT_RATIO_MIN } from '../../analyzer/graph/cause.js';
import { isPressured, SATURATED_BUSY, PRESSURED_MAX } from '../../analyzer/graph/localise.js';
import { asyncOperatorOf } from '../../analyzer/signals/async-operators.js';
import { LOAD_WINDOW_MS, type LoadSignal, type VertexLoad } from '../../analyzer/signals/load.js';
import type { JobFacts } from '../../analyzer/signals/job-facts.js';
import { optionChange } from '../../analyzer/tuning/advice.js';
import { BLIND_STEP, capacityOf } from '../../analyzer/tuning/parallelism.js';
import { compact, percent, text } from '../../analyzer/text.js';
import { bottlenecksBy, pressureCounts, pressureEvidence, pressureSeverity } from '../support/pressure.js';
import { settingAdvice } from '../support/setting-advice.js';
import { vertexSubject } from '../support/subjects.js';

export const asyncCapacity = defineRule({
  id: 'async-capacity',
  category: 'backpressure',
  title: text('An asynchronous operator has all its calls in flight', '异步算子的并发调用已满'),
  severityMax: 'critical',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['load', 'bottlenecks', 'lag', 'history'],
  options: {},
  detect({ job, load, bottlenecks, lag }) {
    const busy = bottlenecksBy(bottlenecks, 'external-wait', lag).filter(({ vertexId }) => isAsync(job, vertexId));
    const waiting = pressureCounts(lag) ? pressedByNothing(job, load) : [];
    return [
      ...busy.map((bottleneck): Verdict => {
        const { vertexId, cause, busyMax } = bottleneck;
        return {
          ...said(job, vertexId),
          severity: pressureSeverity(lag),
          // Another operator of the chain may be the one that waits.
          confidence: job.vertexName(vertexId).includes('->') ? 0.75 : 0.85,
          summary: text(
            `It is ${percent(busyMax)} busy and ${percent(cause.waitRatio)} of that time uses no CPU. An asynchronous operator with room waits without being busy: this one has as many calls in flight as its capacity allows, and the next record waits for one of them.`,
            `它的繁忙率为 ${percent(busyMax)}，其中 ${percent(cause.waitRatio)} 的时间不占用 CPU。有余量的异步算子等待时并不繁忙：它的并发调用已达容量上限，下一条记录只能等待其中一个完成。`,
          ),
          evidence: [
            ...pressureEvidence(bottleneck, lag),
            ...evidence('waitRatio', cause.waitRatio, LOAD_WINDOW_MS, ['>=', WAIT_RATIO_MIN]),
          ],
        };
      }),
      ...waiting.map(({ vertexId, backPressuredMax }): Verdict => {
        return {
          ...said(job, vertexId),
          severity: pressureSeverity(lag),
          confidence: 0.6,
          summary: text(
            'It is under backpressure, and nothing behind it is: it waits for its own calls, of which as many are in flight as its capacity allows.',
            '它处于反压状态，而下游没有任何反压：它在等待自己的调用，并发数已达容量上限。',
          ),
          evidence: evidence('backPressuredRatio', backPressuredMax, LOAD_WINDOW_MS, ['>=', PRESSURED_MAX], {
            metric: 'backPressuredRatio',
            vertexId,
          }),
        };
      }),
    ];
  },
  advise(finding, { job, load, lag, history }) {
    const { vertexId } = finding.subject;
    if (vertexId === undefined) return [];
    const capacity = capacityOf(job, load, lag).get(vertexId);
    if (capacity === undefined) return [];
    const { demandKnown, demandPerSecond, servedPerSecond } = capacity;
    const wanted = demandKnown ? demandPerSecond : servedPerSecond * BLIND_STEP;
    // Full now: what is served stands for the calls in flight, so that neither latency nor capacity need be known (F11).
    const times = Math.ceil(((demandKnown ? CAPACITY_RESERVE : 1) * wanted * 10) / servedPerSecond - 1e-9) / 10;
    return settingAdvice(
      {
        kind: 'code',
        title: text(
          `Let ${job.vertexName(vertexId)} keep ${times} times as many calls in flight`,
          `让 ${job.vertexName(vertexId)} 的并发调用数增加到 ${times} 倍`,
        ),
        changes: [capacityChange(job, vertexId, times, history.configuration)],
        effect: {
          metric: 'recordsInPerSecond',
          label: labelOf('recordsPerSecond'),
          from: servedPerSecond,
          to: wanted,
          low: servedPerSecond,
          high: wanted,
          unit: 'records/s',
        },
        verify: ['>=', wanted * 0.95],
        restart: 'job',
        note: text(
          'records in flight are held on the heap and in each checkpoint',
          '在途记录会占用堆内存并写入每个检查点',
        ),
        prerequisites: [
          text(
            `the outside system takes ${compact(wanted)} requests/s (now ${compact(servedPerSecond)}): if it is at its own limit, calls only take longer`,
            `外部系统能承受每秒 ${compact(wanted)} 次请求（现为 ${compact(servedPerSecond)}）：若它已到极限，调用只会更慢`,
          ),
          text(
            'the client itself allows as many at once: connection pool, threads',
            '客户端本身允许这么多并发：连接池、线程数',
          ),
        ],
        rejected: [
          {
            alternative: text('more parallelism', '提高并行度'),
            why: text(
              'each subtask brings its capacity along, at the price of a slot; the same number of calls is free',
              '每个子任务会带来同样的容量，但要占用 slot；直接增加并发数无此代价',
            ),
          },
          {
            alternative: text('unordered results', '无序结果'),
            why: text(
              'gains where single calls are slow, because a slow one no longer holds back those behind it; it changes the order of records',
              '当个别调用较慢时有收益（慢调用不再阻塞后面的结果），但会改变记录顺序',
            ),
          },
        ],
        confidence: 0.7,
        source: 'dev/datastream/operators/asyncio/',
      },
      { job, history },
    );
  },
});

/** Half again over what Little's law asks for: latency varies (diagnosis F11). */
const CAPACITY_RESERVE = 1.5;
const LOOKUP_CAPACITY = 'table.exec.async-lookup.buffer-capacity';
/** Flink's default, 1.13 to 2.3. */
const LOOKUP_CAPACITY_DEFAULT = 100;

function isAsync(job: JobFacts, vertexId: string): boolean {
  return asyncOperatorOf(job.vertexName(vertexId)) !== undefined;
}

/** Newer Flink counts the wait for a free call as backpressure (FLINK-39835): pressure that no successor explains. */
function pressedByNothing(job: JobFacts, load: LoadSignal): readonly VertexLoad[] {
  return [...load.values()].filter((vertex) => {
    if (!isAsync(job, vertex.vertexId) || (vertex.backPressuredMax ?? 0) < PRESSURED_MAX) return false;
    const successors = job.topology.outputsOf(vertex.vertexId).map(({ toVertexId }) => load.get(toVertexId));
    return successors.every(
      (successor) => successor?.busyMax !== undefined && successor.busyMax < SATURATED_BUSY && !isPressured(successor),
    );
  });
}

function said(job: JobFacts, vertexId: string): Pick<Verdict, 'subject' | 'title' | 'wouldChange' | 'notSeen'> {
  const name = job.vertexName(vertexId);
  return {
    subject: vertexSubject(job, vertexId),
    title: text(`${name} has all its asynchronous calls in flight and waits`, `${name} 的异步调用已全部占满，正在等待`),
    wouldChange: [text('another operator of the same chain is the one that waits', '等待的是同一链中的另一个算子')],
    notSeen: [
      {
        signal: text('flame graph', '火焰图'),
        enableBy: text(
          'rest.flamegraph.enabled: true shows the wait inside the operator (Off-CPU, AsyncWaitOperator)',
          '设置 rest.flamegraph.enabled: true 可看到算子内部的等待（Off-CPU，AsyncWaitOperator）',
        ),
      },
    ],
  };
}

function capacityChange(
  job: JobFacts,
  vertexId: string,
  times: number,
  configuration: Readonly<Record<string, string>>,
): Change {
  const vertexName = job.vertexName(vertexId);
  if (asyncOperatorOf(vertexName) === 'lookup') {
    const set = Number(configuration[LOOKUP_CAPACITY] ?? LOOKUP_CAPACITY_DEFAULT);
    return optionChange('job', LOOKUP_CAPACITY, Math.ceil(times * set), configuration);
  }
  return {
    scope: 'vertex',
    vertexId,
    vertexName,
    from: 'capacity of AsyncDataStream.unorderedWait / orderedWait',
    to: `${times} × that capacity`,
    unit: 'code',
  };
}
