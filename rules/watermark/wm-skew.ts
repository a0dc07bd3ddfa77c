import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import { defineRule } from '../../analyzer/engine/rule.js';
import { NO_COST } from '../../analyzer/engine/recommendation.js';
import { stateGrows, STANDS_MS, usesEventTime } from '../../analyzer/signals/event-time.js';
import type { JobFacts } from '../../analyzer/signals/job-facts.js';
import { readerSpreadsOf, type ReaderSpread } from '../../analyzer/signals/reader-spread.js';
import { present } from '../../analyzer/numbers.js';
import { duration, listed, text } from '../../analyzer/text.js';
import type { JobHistory } from '../../collector/model/index.js';
import { metricsNamed } from '../support/operator-metrics.js';
import { pressureCounts } from '../support/pressure.js';
import { subtaskNames, vertexSubject } from '../support/subjects.js';

/** A topic that is read from its beginning closes a gap in minutes; what takes longer than this is not about to. A choice. */
const CLOSES_SOON_MS = 3_600_000;
/** Diagnosis §5.7: a drift of five to ten minutes keeps the faster reader from standing still at every hiccup. */
const MAX_DRIFT_MS = 300_000;

export const wmSkew = defineRule({
  id: 'wm-skew',
  category: 'watermark',
  title: text('Readers are far apart in event time', '读取者的事件时间相差很大'),
  severityMax: 'warning',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['watermarks', 'lag', 'history'],
  options: {
    // L51: 3600 s, constant; readers of healthy jobs were within 2 s of one another. Diagnosis §5.7 says five minutes.
    spreadSeconds: {
      default: 300,
      unit: 's',
      description: 'event time between the furthest readers that meet, from which it counts',
    },
  },
  detect({ job, lag, history, nowMs }, { spreadSeconds }) {
    // Two topics that are read from their beginning are apart until both are at their end (G2).
    if (!pressureCounts(lag)) return [];
    return readerSpreadsOf(history, job, spreadSeconds * 1000)
      .filter((spread) => (spread.closesInMs ?? Infinity) > CLOSES_SOON_MS && !isAligned(spread, history, job, nowMs))
      .map((spread) => {
        const { behind, ahead, behindSubtasks, spreadMs, windowMs } = spread;
        const waiting = waitingFor(spread, job, history);
        const growing = waiting.filter(({ grows }) => grows);
        const who = subtaskNames(behindSubtasks);
        const names = {
          ahead: job.vertexName(ahead.vertexId),
          behind: job.vertexName(behind.vertexId),
        };
        const isOne = ahead.vertexId === behind.vertexId;
        const slow = text(
          behindSubtasks.length === 0 ? names.behind : `${who.en} of ${names.behind}`,
          behindSubtasks.length === 0 ? names.behind : `${names.behind} 的${who['zh-CN']}`,
        );
        const fast = isOne ? text('the others', '其余读取者') : text(names.ahead, names.ahead);
        const where = listed((growing.length > 0 ? growing : waiting).map(({ vertexId }) => job.vertexName(vertexId)));
        return {
          severity: growing.length > 0 ? ('warning' as const) : ('info' as const),
          confidence: waiting.length === 0 ? 0.6 : 0.9,
          subject: vertexSubject(job, behind.vertexId, behindSubtasks),
          title: text(
            `${slow.en} is ${duration(spreadMs)} behind ${fast.en} in event time`,
            `${slow['zh-CN']} 的事件时间落后${fast['zh-CN']} ${duration(spreadMs)}`,
          ),
          summary: text(
            `Their records meet at ${job.vertexName(spread.meetingVertexId)}, where event time is that of the slower one, and both move on. ${
              waiting.length === 0
                ? 'No operator there is seen to use event time; a window, a join or a timer would keep what comes from the faster one until then.'
                : `${where.en} keeps what comes from the faster one until then${growing.length > 0 ? ', and its state grows' : ''}.`
            }`,
            `两者的记录在 ${job.vertexName(spread.meetingVertexId)} 汇合，事件时间取较慢的一方，且两者都在前进。${
              waiting.length === 0
                ? '没有看到使用事件时间的算子；若有窗口、关联或定时器，较快一方的数据会一直保留到那时。'
                : `${where['zh-CN']} 会保留较快一方的数据直到那时${growing.length > 0 ? '，其状态在增长' : ''}。`
            }`,
          ),
          evidence: evidence('watermarkSpreadMs', spreadMs, windowMs, ['>=', spreadSeconds * 1000], {
            metric: 'watermarkMs',
            vertexId: behind.vertexId,
          }),
          wouldChange: [text('the readers come near one another', '读取者的事件时间接近')],
        };
      });
  },
  advise(finding, { job, history }, { spreadSeconds }) {
    const spread = readerSpreadsOf(history, job, spreadSeconds * 1000).find(
      ({ behind }) => behind.vertexId === finding.subject.vertexId,
    );
    const version = job.flinkVersion;
    // Alignment came with 1.15, for whole readers; splits of one reader are aligned from 1.17 on.
    const isOld = version !== undefined && version.major === 1 && version.minor < 15;
    if (spread === undefined || isOld || spread.spreadMs <= MAX_DRIFT_MS) return [];
    const ids = [...new Set([spread.ahead.vertexId, spread.behind.vertexId])];
    return [
      {
        kind: 'source',
        title: text(
          `Let the faster reader wait: align event time within ${duration(MAX_DRIFT_MS)}`,
          `让较快的读取者等待：事件时间对齐到 ${duration(MAX_DRIFT_MS)} 以内`,
        ),
        changes: ids.map((vertexId) => ({
          scope: 'vertex' as const,
          vertexId,
          vertexName: job.vertexName(vertexId),
          from: 'WatermarkStrategy without alignment',
          to: `.withWatermarkAlignment("aligned", Duration.ofMinutes(${MAX_DRIFT_MS / 60_000}))`,
          unit: 'code',
        })),
        diffs: {},
        expected: [
          {
            metric: 'watermarkSpreadMs',
            label: labelOf('watermarkSpreadMs'),
            from: spread.spreadMs,
            to: MAX_DRIFT_MS,
            low: 0,
            high: Math.min(spread.spreadMs, 2 * MAX_DRIFT_MS),
            unit: 'ms',
          },
        ],
        cost: NO_COST,
        prerequisites: [
          text(
            `what the faster reader leaves behind stays readable for ${duration(spread.spreadMs)}: it then waits at the source instead of in the state`,
            `较快读取者未读的数据要能保留 ${duration(spread.spreadMs)}：它将在源端等待而不是留在状态中`,
          ),
          text('both are sources of the new interface (FLIP-27)', '两者都是新接口（FLIP-27）的源端'),
        ],
        risk: {
          restart: 'job',
          stateLoss: false,
          note: text(
            'the faster source falls behind by as much: its lag is then wanted, and a silent reader stops the others unless it counts as idle',
            '较快的源端会落后同样多：其积压属于预期；静默的读取者若不被视为空闲，会使其他读取者停下',
          ),
        },
        verify: [
          {
            metric: 'watermarkSpreadMs',
            label: labelOf('watermarkSpreadMs'),
            comparison: '<=',
            target: 2 * MAX_DRIFT_MS,
            unit: 'ms',
          },
        ],
        rejected: [
          {
            alternative: text('more memory for the state', '为状态增加内存'),
            why: text('results would come as late as now', '结果仍会同样晚'),
          },
          {
            alternative: text('idleness of the slower reader', '将较慢的读取者视为空闲'),
            why: text('it is not idle: its records would all be late', '它并不空闲：其记录都会成为迟到记录'),
          },
        ],
        confidence: 0.6,
        sources: [
          'https://nightlies.apache.org/flink/flink-docs-stable/docs/dev/datastream/event-time/generating_watermarks/#watermark-alignment',
        ],
      },
    ];
  },
});

/** Registered only where alignment is configured (1.15+): how far they may be apart is then somebody's decision. */
function isAligned({ ahead, behind }: ReaderSpread, history: JobHistory, job: JobFacts, nowMs: number): boolean {
  return [ahead.vertexId, behind.vertexId].every((vertexId) => {
    const vertex = history.vertices.find((candidate) => candidate.vertexId === vertexId);
    return vertex !== undefined && metricsNamed(vertex, ['watermarkAlignmentDrift'], job, nowMs).length > 0;
  });
}

/** Vertices where they meet or after it that keep records by event time, as far as names, metrics and checkpoints tell. */
function waitingFor(
  { meetingVertexId }: ReaderSpread,
  { topology }: JobFacts,
  history: JobHistory,
): readonly { readonly vertexId: string; readonly grows: boolean }[] {
  const below = history.vertices.filter(
    ({ vertexId }) => vertexId === meetingVertexId || topology.ancestorsOf(vertexId).has(meetingVertexId),
  );
  return present(
    below.map((vertex) => {
      const grows = stateGrows(vertex.vertexId, STATE_WINDOW_MS, history);
      return grows || usesEventTime(vertex) !== undefined ? { vertexId: vertex.vertexId, grows } : undefined;
    }),
  );
}

/** Long enough for the four checkpoints that growth needs where their details are read now and then. */
const STATE_WINDOW_MS = 2.5 * STANDS_MS;
