import { labelOf } from '../../analyzer/engine/evidence.js';
import type { Advice } from '../../analyzer/engine/recommendation.js';
import type { JobFacts } from '../../analyzer/signals/job-facts.js';
import { optionChange } from '../../analyzer/tuning/advice.js';
import { text } from '../../analyzer/text.js';
import type { JobHistory } from '../../collector/model/index.js';
import { settingAdvice } from './setting-advice.js';

/**
 * The planner names its operators in the vertex: `GroupAggregate[5]` (1.15+), `GroupAggregate(groupBy=[…` before. A letter in
 * front makes it another one: `IntervalJoin`, `LookupJoin`, `WindowRank` hold their state for a time only.
 */
const GROUP_AGGREGATE = /(?:^|[^A-Za-z])(?:Global|Incremental)?GroupAggregate[[(]/;
const REGULAR_JOIN = /(?:^|[^A-Za-z])Join[[(]/g;
const UNBOUNDED =
  /(?:^|[^A-Za-z])(?:(?:Global|Incremental)?GroupAggregate|Join|Deduplicate|Rank|ChangelogNormalize)[[(]/;

export const isGroupAggregate = (name: string): boolean => GROUP_AGGREGATE.test(name);

/** Joins that keep both sides for ever, by vertex name: several may be chained in one. */
export const regularJoinsIn = (name: string): number => name.match(REGULAR_JOIN)?.length ?? 0;

/** Whether it keeps a row for ever unless a time to live ends it. */
export const keepsRows = (name: string): boolean => UNBOUNDED.test(name);

/** The planner puts it in the graph where mini-batches are on, whatever the configuration that REST shows says. */
export const isMiniBatched = ({ vertices }: JobHistory): boolean =>
  vertices.some(({ name }) => name.includes('MiniBatchAssigner'));

/** Mini-batches, and aggregates in two phases: what one key gets is added up before it is shipped. */
export function miniBatchAdvice(busy: number, context: { job: JobFacts; history: JobHistory }): readonly Advice[] {
  const { configuration } = context.history;
  const change = (key: string, to: string) => optionChange('job', key, to, configuration);
  return settingAdvice(
    {
      kind: 'config',
      title: text('Let SQL collect records for two seconds before it touches state', '让 SQL 攒批两秒后再访问状态'),
      changes: [
        change('table.exec.mini-batch.enabled', 'true'),
        change('table.exec.mini-batch.allow-latency', '2 s'),
        change('table.exec.mini-batch.size', '5000'),
        change('table.optimizer.agg-phase-strategy', 'TWO_PHASE'),
      ],
      effect: {
        metric: 'busyRatio',
        label: labelOf('busyRatio'),
        from: busy,
        to: busy * 0.7,
        low: busy * 0.3,
        high: busy,
        unit: 'ratio',
      },
      verify: ['<', busy],
      restart: 'savepoint',
      note: text(
        'results come up to two seconds later; another plan may not take the state of the old one: try it on a copy',
        '结果最多延迟两秒；新计划可能无法沿用旧状态，请先在副本上验证',
      ),
      prerequisites: [
        text('the aggregate functions can be merged (no UDAF without merge)', '聚合函数可合并（UDAF 实现了 merge）'),
        text('the target may wait two seconds', '目标系统允许两秒延迟'),
      ],
      confidence: 0.6,
      source: 'dev/table/tuning/',
    },
    context,
  );
}
