import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { bytes, text } from '../../analyzer/text.js';
import { growingState } from '../support/growing-state.js';
import { remark } from '../support/remark.js';
import { regularJoinsIn } from '../support/sql.js';

export const sqlCascadeJoinState = defineRule({
  id: 'sql-cascade-join-state',
  category: 'state',
  title: text('Joins in a row keep the same rows several times', '级联 Join 重复保存数据'),
  severityMax: 'info',
  basis: 'measured',
  opens: 'at-once',
  appliesTo: 'running',
  needs: ['history'],
  options: {
    joins: { default: 3, unit: 'count', description: 'regular joins of the job from which it is said' },
  },
  detect({ job, history, nowMs }, { joins }) {
    const count = history.vertices.reduce(
      (total, { name }) => total + (name.includes('Join') ? regularJoinsIn(name) : 0),
      0,
    );
    const trend = count < joins ? undefined : growingState(history, job, nowMs);
    if (trend === undefined) return [];
    return [
      remark({
        confidence: 0.7,
        title: text(
          `${count} regular joins keep both their sides: ${bytes(trend.bytes)}, and ${bytes(trend.bytesPerMs * 3_600_000)} more an hour`,
          `${count} 个普通 Join 保存两侧数据：${bytes(trend.bytes)}，每小时增加 ${bytes(trend.bytesPerMs * 3_600_000)}`,
        ),
        summary: text(
          'Each join keeps the rows of the one before it once more. A multi-join (2.1: table.optimizer.multi-join.enabled) keeps each input once; a STATE_TTL hint ends what is no longer joined; deduplicated inputs are smaller.',
          '每个 Join 再次保存前一个的结果。multi-join（2.1：table.optimizer.multi-join.enabled）每个输入只存一份；STATE_TTL 提示可清除不再关联的数据；先去重可减小输入。',
        ),
        evidence: [
          ...evidence('regularJoins', count, trend.windowMs, ['>=', joins]),
          ...evidence('stateGrowthBytesPerHour', trend.bytesPerMs * 3_600_000, trend.windowMs),
          ...evidence('stateBytes', trend.bytes, trend.windowMs),
        ],
        until: text('fewer joins in a row, or a state that no longer grows', '减少级联 Join 或状态不再增长'),
      }),
    ];
  },
  // Another plan does not take the state of the old one: a fresh start, which is no small step to advise.
  advise: () => [],
});
