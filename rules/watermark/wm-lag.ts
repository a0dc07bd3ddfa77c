import { evidence } from '../../analyzer/engine/evidence.js';
import { defineRule } from '../../analyzer/engine/rule.js';
import type { JobFacts } from '../../analyzer/signals/job-facts.js';
import { movingTimes, type ReaderTime } from '../../analyzer/signals/reader-spread.js';
import { compact, duration, text, type Text } from '../../analyzer/text.js';
import type { JobHistory } from '../../collector/model/index.js';
import { unitOf } from '../support/event-time.js';
import { vertexSubject } from '../support/subjects.js';

/**
 * How much faster or slower than the clock event time may move and be steady. A job that falls behind moved at .60 to .67 of
 * it (L54, L56), one that catches up at 3 (L55), healthy ones at 1.00: the middle of the narrower gap.
 */
const STEADY = 0.15;
/** Records that wait are why, where reading them would take this much of the distance. A choice. */
const BACKLOG_SHARE = 0.5;
const HOUR_MS = 3_600_000;
/** What the bound for late records adds to an offset of whole hours. */
const ZONE_SLACK_MS = 300_000;
const ZONE_MAX_HOURS = 14;

export const wmLag = defineRule({
  id: 'wm-lag',
  category: 'watermark',
  title: text('Event time is far behind the clock', '事件时间远落后于时钟'),
  severityMax: 'warning',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['watermarks', 'lag', 'history'],
  options: {
    // Healthy jobs: 2 to 5 s; L53: 56 years. In between it is a matter of what the data is for.
    lagSeconds: {
      default: 600,
      unit: 's',
      description: 'event time behind the clock, steadily, from which it is said',
    },
  },
  detect({ job, lag, history }, { lagSeconds }) {
    return furthestOfEachPart(history, job).flatMap((time) => {
      if (time.lagMs < lagSeconds * 1000) return [];
      const unit = unitOf(time.watermarkMs, time.atMs);
      const pace = 1 - (time.lagMs - time.earlierLagMs) / time.overMs;
      // A clock that counts seconds as milliseconds hardly moves at all, and is steady in its own way.
      if (unit === undefined && Math.abs(pace - 1) > STEADY) return [];
      const name = job.vertexName(time.vertexId);
      const behind = ago(time.lagMs);
      const source = lag.sources.find(({ vertexId }) => vertexId === time.vertexId);
      const isBacklog = (source?.lagSeconds ?? 0) * 1000 >= BACKLOG_SHARE * time.lagMs;
      const waiting = isBacklog ? (source?.lagRecords ?? 0) : 0;
      return [
        {
          severity: unit === undefined ? ('info' as const) : ('warning' as const),
          confidence: unit === undefined ? 0.8 : 0.95,
          subject: vertexSubject(job, time.vertexId),
          title:
            unit === undefined
              ? text(
                  `${name}: event time is ${behind.en} behind the clock`,
                  `${name}：事件时间落后时钟 ${behind['zh-CN']}`,
                )
              : text(
                  `${name}: event time is ${behind.en} behind the clock, its times are ${unit.en}`,
                  `${name}：事件时间落后时钟 ${behind['zh-CN']}，其时间单位是${unit['zh-CN']}`,
                ),
          summary: unit === undefined ? whyBehind(time.lagMs, waiting) : WRONG_UNIT(unit),
          evidence: [
            ...evidence('watermarkLagMs', time.lagMs, time.overMs, ['>=', lagSeconds * 1000], {
              metric: 'watermarkMs',
              vertexId: time.vertexId,
            }),
            ...evidence('watermarkPace', Math.max(0, pace), time.overMs),
            ...(waiting > 0 ? evidence('lagRecords', waiting, time.overMs) : []),
          ],
          wouldChange: [text('event time that is near the clock', '事件时间接近时钟')],
        },
      ];
    });
  },
  // Where the time is taken from is code, and when records come is the producer's matter.
  advise: () => [],
});

const WRONG_UNIT = (unit: Text): Text =>
  text(
    `Flink takes times as milliseconds since 1970; these fit today when read as ${unit.en}. Windows and timeouts have another length than they say. Convert the time where it is assigned.`,
    `Flink 将时间视为自 1970 年起的毫秒数；按${unit['zh-CN']}解读才与当前时间相符。窗口与超时的实际长度与设定不符，请在分配时间戳处换算。`,
  );

/** A backlog, a time zone, or records that are old when they come: what the figures speak for. */
function whyBehind(lagMs: number, waiting: number): Text {
  const steady = text(
    'It keeps that distance, so results are as late, and nothing gets worse.',
    '它保持这一距离：结果会同样晚，但没有恶化。',
  );
  const hours = Math.floor(lagMs / HOUR_MS);
  const isZone = hours >= 1 && hours <= ZONE_MAX_HOURS && lagMs - hours * HOUR_MS <= ZONE_SLACK_MS;
  const why =
    waiting > 0
      ? text(
          `${compact(waiting)} records wait at the source: the job reads as fast as they come, and never gets nearer.`,
          `源端有 ${compact(waiting)} 条记录在等待：作业的读取速度与产生速度相同，无法追上。`,
        )
      : isZone
        ? text(
            `That is a whole number of hours: look for local time that is taken as UTC where times are written or parsed.`,
            `差距恰为整数小时：请检查写入或解析时间时是否把本地时间当作 UTC。`,
          )
        : text(
            'No records wait, so they are that old when they come, or the bound for late records is that large.',
            '没有记录在等待：记录到达时就已这么旧，或乱序容忍设得这么大。',
          );
  return text(`${steady.en} ${why.en}`, `${steady['zh-CN']}${why['zh-CN']}`);
}

/** Days and years are for people what hours are not. */
function ago(ms: number): Text {
  const days = ms / 86_400_000;
  if (days < 3) return text(duration(ms), duration(ms));
  return days < 730
    ? text(`${Math.round(days)} days`, `${Math.round(days)} 天`)
    : text(`${Math.round(days / 365)} years`, `${Math.round(days / 365)} 年`);
}

/** For each part of the job the reader whose event time is nearest to the clock: one behind the others is another matter. */
function furthestOfEachPart(history: JobHistory, { topology }: JobFacts): ReaderTime[] {
  const done = new Set<string>();
  return topology.order.flatMap((vertexId) => {
    if (done.has(vertexId)) return [];
    const component = topology.componentOf(vertexId);
    for (const id of component) done.add(id);
    const members = topology.order.filter((id) => component.has(id));
    const told = timesToldFirst(members, topology, (id) => timesAt(id, history));
    const [furthest] = [...told].sort((a, b) => a.lagMs - b.lagMs);
    return furthest === undefined ? [] : [furthest];
  });
}

/** Of the sources; where they tell nothing, the time is assigned later: then of the first vertex that tells it. Others are not looked at. */
function timesToldFirst(
  vertexIds: readonly string[],
  topology: JobFacts['topology'],
  timesOf: (vertexId: string) => readonly ReaderTime[],
): readonly ReaderTime[] {
  const ofSources = vertexIds.filter((id) => topology.isSource(id)).flatMap(timesOf);
  if (ofSources.length > 0) return ofSources;
  for (const id of vertexIds) {
    const times = topology.isSource(id) ? [] : timesOf(id);
    if (times.length > 0) return times;
  }
  return [];
}

function timesAt(vertexId: string, history: JobHistory): readonly ReaderTime[] {
  const vertex = history.vertices.find((candidate) => candidate.vertexId === vertexId);
  return vertex === undefined ? [] : movingTimes(vertex);
}
