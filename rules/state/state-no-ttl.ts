import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { bytes, listed, text } from '../../analyzer/text.js';
import { growingState } from '../support/growing-state.js';
import { remark } from '../support/remark.js';
import { durationMs } from '../support/settings.js';
import { keepsRows } from '../support/sql.js';

export const stateNoTtl = defineRule({
  id: 'state-no-ttl',
  category: 'state',
  title: text('SQL keeps its rows for ever', 'SQL 永久保存数据'),
  severityMax: 'info',
  basis: 'measured',
  opens: 'at-once',
  appliesTo: 'running',
  needs: ['history'],
  options: {},
  detect({ job, history, nowMs }) {
    const keeping = history.vertices.filter(({ name }) => keepsRows(name)).map(({ name }) => name);
    // What a session sets is not always in what REST shows, and a hint never is: only the growth says that nothing ends.
    const isSet = (durationMs(history.configuration['table.exec.state.ttl']) ?? 0) > 0;
    const trend = keeping.length === 0 || isSet ? undefined : growingState(history, job, nowMs);
    if (trend === undefined) return [];
    const names = listed(keeping, 2);
    const perHour = trend.bytesPerMs * 3_600_000;
    return [
      remark({
        confidence: 0.6,
        title: text(
          `${names.en}: the state has no time to live and grows by ${bytes(perHour)} an hour`,
          `${names['zh-CN']}：状态没有 TTL，每小时增长 ${bytes(perHour)}`,
        ),
        summary: text(
          'Regular joins, aggregates, deduplication and rank keep every row they have seen. table.exec.state.ttl, or a STATE_TTL hint (1.18+) for one of them, ends rows that were not touched for so long: take one and a half times the longest life of a key. What comes later than that finds nothing, and its result is wrong.',
          '普通 Join、聚合、去重与 Rank 会保存见过的每一行。table.exec.state.ttl 或单个算子的 STATE_TTL 提示（1.18+）会清除长期未访问的行：建议取键最长寿命的 1.5 倍。晚于该时间的数据将找不到状态，结果会出错。',
        ),
        evidence: [
          ...evidence('stateGrowthBytesPerHour', perHour, trend.windowMs),
          ...evidence('stateBytes', trend.bytes, trend.windowMs),
          ...evidence('trendFit', trend.fit, trend.windowMs, ['>=', 0.9]),
        ],
        until: text('a time to live, or a state that no longer grows', '设置 TTL 或状态不再增长'),
      }),
    ];
  },
  // For how long a row matters only its owner knows, and too short a time gives wrong results.
  advise: () => [],
});
