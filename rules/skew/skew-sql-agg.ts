import { defineRule } from '../../analyzer/engine/rule.js';
import { percent, text } from '../../analyzer/text.js';
import { remark } from '../support/remark.js';
import { skewEvidence, skewHarms } from '../support/skew-verdict.js';
import { isGroupAggregate, isMiniBatched, miniBatchAdvice } from '../support/sql.js';
import { vertexSubject } from '../support/subjects.js';

export const skewSqlAgg = defineRule({
  id: 'skew-sql-agg',
  category: 'skew',
  title: text('A skewed SQL aggregate adds up record by record', '倾斜的 SQL 聚合逐条累加'),
  severityMax: 'info',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['load', 'skew', 'lag', 'history'],
  options: {},
  detect(view) {
    const { job, history } = view;
    if (!history.vertices.some(({ name }) => isGroupAggregate(name))) return [];
    // Key groups alone no mini-batch evens out.
    const harms = (['hot-key', 'data-hash', 'few-keys'] as const)
      .flatMap((kind) => skewHarms(view, kind))
      .filter(({ name }) => isGroupAggregate(name));
    if (harms.length === 0 || isMiniBatched(history)) return [];
    return harms.map(({ found, impact, name }) =>
      remark({
        subject: vertexSubject(job, found.vertexId),
        title: text(`${name} could add up its heavy keys before they are shipped`, `${name} 可在传输前先行聚合热键`),
        summary: text(
          `The busiest subtask is ${percent(impact.busy)} busy. With mini-batches and two phases each subtask before the exchange adds up what it has of a key, and one record of it is shipped. COUNT DISTINCT also wants table.optimizer.distinct-agg.split.enabled.`,
          `最忙子任务的繁忙率为 ${percent(impact.busy)}。开启 mini-batch 与两阶段聚合后，交换前的每个子任务先按键聚合，每键只传一条。COUNT DISTINCT 还需 table.optimizer.distinct-agg.split.enabled。`,
        ),
        evidence: skewEvidence(found, impact),
        until: text('mini-batches, or even keys', '开启 mini-batch 或键变均匀'),
      }),
    );
  },
  advise(finding, { job, history, load }) {
    const busy = load.get(finding.subject.vertexId ?? '')?.busyMax;
    return busy === undefined ? [] : miniBatchAdvice(busy, { job, history });
  },
});
