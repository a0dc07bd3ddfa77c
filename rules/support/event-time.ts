import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import type { Evidence, Severity } from '../../analyzer/engine/finding.js';
import { NO_COST, type Advice } from '../../analyzer/engine/recommendation.js';
import type { EventTimeStall, SilentReaders } from '../../analyzer/signals/event-time.js';
import type { JobFacts } from '../../analyzer/signals/job-facts.js';
import type { JobHistory } from '../../collector/model/index.js';
import { diffsFor, optionChange } from '../../analyzer/tuning/advice.js';
import { compact, duration, listed, text, type Text } from '../../analyzer/text.js';

/** An option of the rules about event time that stands. */
export const CRITICAL_SECONDS = {
  default: 3600,
  unit: 's',
  description: 'event time behind its furthest reader from which the stall is critical',
} as const;

/** Nobody seen to wait: worth an info. */
export function stallSeverity({ waiting, behindMs }: EventTimeStall, criticalSeconds: number): Severity {
  if (waiting.length === 0) return 'info';
  return (behindMs ?? 0) >= criticalSeconds * 1000 ? 'critical' : 'warning';
}

/** A name or a counter of late records proves it; an output that stopped or a state that grows only speaks for it. */
export function stallConfidence({ waiting }: EventTimeStall): number {
  if (waiting.length === 0) return 0.6;
  return waiting.some(({ sign }) => sign === 'name' || sign === 'late-metric') ? 0.9 : 0.75;
}

/** The vertices that wait, or that nobody is seen to. */
export function waitingText(stall: EventTimeStall, job: JobFacts): Text {
  if (stall.waiting.length === 0)
    return text(
      'No operator is seen to wait for event time; if there is a window, a join or a timer, it does.',
      '没有看到等待事件时间的算子；若有窗口、关联或定时器，它们正在等待。',
    );
  const names = listed(stall.waiting.map(({ vertexId }) => job.vertexName(vertexId)));
  return text(
    `${names.en} ${stall.waiting.length === 1 ? 'waits' : 'wait'} for it: windows do not end and their state grows.`,
    `${names['zh-CN']} 正在等待：窗口不会结束，状态不断增长。`,
  );
}

export function stallEvidence(stall: EventTimeStall, windowMs: number): readonly Evidence[] {
  const vertexId = stall.vertexIds[0];
  return [
    ...evidence(
      'watermarkStandsMs',
      stall.standsMs,
      stall.standsMs,
      ['>=', windowMs],
      vertexId === undefined ? undefined : { metric: 'watermarkMs', vertexId },
    ),
    ...evidence('recordsMeanwhile', stall.recordsMeanwhile, stall.standsMs),
    ...evidence('watermarkBehindMs', stall.behindMs, stall.standsMs),
  ];
}

/** "2.1k records in 5 min". */
export function flowedText({ recordsMeanwhile, standsMs }: EventTimeStall): Text {
  return text(
    `${compact(recordsMeanwhile)} records in ${duration(standsMs)}`,
    `${duration(standsMs)} 内 ${compact(recordsMeanwhile)} 条记录`,
  );
}

const IDLE_TIMEOUT = 'table.exec.source.idle-timeout';
/** Long enough for a pause between two batches of a producer, short enough for windows of a minute. */
const IDLE_AFTER_SECONDS = 60;
/** Vertices of SQL plans carry the number of their node: `Source: orders[1]`, `Calc[2]`. */
const SQL_NAME = /\w\[\d+\]|TableSourceScan\(/;

export function isSql(history: JobHistory): boolean {
  return history.vertices.some(({ name }) => SQL_NAME.test(name));
}

/** Lets Flink leave readers without records out of account: an option in SQL, a line of code otherwise. */
export function idlenessAdvice(
  silent: SilentReaders,
  stall: EventTimeStall,
  context: {
    readonly job: JobFacts;
    readonly history: JobHistory;
    readonly configuration: Readonly<Record<string, string>>;
  },
): readonly Advice[] {
  const { job, history, configuration } = context;
  const name = job.vertexName(silent.vertexId);
  const now = configuration[IDLE_TIMEOUT];
  if (now !== undefined && Number.parseFloat(now) > 0) return [];
  const change = isSql(history)
    ? optionChange('job', IDLE_TIMEOUT, `${IDLE_AFTER_SECONDS} s`, configuration)
    : {
        scope: 'vertex' as const,
        vertexId: silent.vertexId,
        vertexName: name,
        from: 'WatermarkStrategy without idleness',
        to: `.withIdleness(Duration.ofSeconds(${IDLE_AFTER_SECONDS}))`,
        unit: 'code',
      };
  const behindMs = stall.behindMs ?? stall.standsMs;
  return [
    {
      kind: 'source',
      title: text(
        `Let readers of ${name} count as idle after ${IDLE_AFTER_SECONDS} s without records`,
        `${name} 的读取子任务 ${IDLE_AFTER_SECONDS} 秒没有记录后视为空闲`,
      ),
      changes: [change],
      diffs: diffsFor([change], { job, history }),
      expected: [
        {
          metric: 'watermarkBehindMs',
          label: labelOf('watermarkBehindMs'),
          from: behindMs,
          to: Math.min(behindMs, IDLE_AFTER_SECONDS * 1000),
          low: 0,
          high: Math.min(behindMs, 2 * IDLE_AFTER_SECONDS * 1000),
          unit: 'ms',
        },
      ],
      cost: NO_COST,
      prerequisites: [
        text(
          `the silence is real: nothing is lost between the producer and ${name}`,
          `确实没有数据：生产者与 ${name} 之间没有丢失数据`,
        ),
      ],
      risk: {
        restart: 'job',
        stateLoss: false,
        note: text(
          'records that come late out of a silent reader are late: windows that ended drop them. Up to 1.20 a reader that is held back by pressure may count as idle too',
          '静默读取者之后到来的旧记录会被当作迟到而丢弃；1.20 及以前，被反压的读取者也可能被视为空闲',
        ),
      },
      verify: [
        {
          metric: 'watermarkStandsMs',
          label: labelOf('watermarkStandsMs'),
          comparison: '<',
          target: IDLE_AFTER_SECONDS * 1000,
          unit: 'ms',
        },
      ],
      rejected: [
        {
          alternative: text('more parallelism', '提高并行度'),
          why: text(
            'nothing is slow; event time waits for records that do not come',
            '没有慢的算子，事件时间在等待不来的记录',
          ),
        },
        {
          alternative: text('a larger bound for late records', '更大的乱序容忍'),
          why: text('the bound only moves event time further back', '只会让事件时间更落后'),
        },
      ],
      confidence: 0.8,
      sources: [
        'https://nightlies.apache.org/flink/flink-docs-stable/docs/dev/datastream/event-time/generating_watermarks/#dealing-with-idle-sources',
        ...(isSql(history) ? ['https://nightlies.apache.org/flink/flink-docs-stable/docs/dev/table/config/'] : []),
      ],
    },
  ];
}

const YEAR_MS = 365 * 86_400_000;

/** L53: seconds put event time into January 1970; micro- and nanoseconds put it thousands of years ahead. */
export function unitOf(watermarkMs: number, atMs: number): Text | undefined {
  const isNow = (ms: number): boolean => Math.abs(ms - atMs) < YEAR_MS;
  if (isNow(watermarkMs * 1000)) return text('seconds', '秒');
  if (isNow(watermarkMs / 1000)) return text('microseconds', '微秒');
  return isNow(watermarkMs / 1_000_000) ? text('nanoseconds', '纳秒') : undefined;
}
