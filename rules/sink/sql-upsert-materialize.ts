import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { LOAD_WINDOW_MS } from '../../analyzer/signals/load.js';
import { percent, text } from '../../analyzer/text.js';
import { pressureCounts } from '../support/pressure.js';
import { remark } from '../support/remark.js';
import { vertexSubject } from '../support/subjects.js';

export const sqlUpsertMaterialize = defineRule({
  id: 'sql-upsert-materialize',
  category: 'sink',
  title: text('SQL puts its changes in order before the sink, and that is dear', 'SQL 在 Sink 前整理变更顺序且代价高'),
  severityMax: 'info',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['load', 'lag'],
  options: {
    busyRatio: { default: 0.7, unit: 'ratio', description: 'busy of the vertex from which it is said' },
  },
  detect({ job, load, lag }, { busyRatio }) {
    if (!pressureCounts(lag)) return [];
    return [...load.values()]
      .filter(({ name, busyMax = 0 }) => busyMax >= busyRatio && name.includes('SinkMaterializer'))
      .map(({ vertexId, name, busyMax = 0 }) =>
        remark({
          subject: vertexSubject(job, vertexId),
          confidence: 0.7,
          title: text(
            `${name} is ${percent(busyMax)} busy, with a SinkUpsertMaterializer in it`,
            `${name} 繁忙率 ${percent(busyMax)}，其中包含 SinkUpsertMaterializer`,
          ),
          summary: text(
            'It keeps all rows of a key of the table, because the changes come by another key and may overtake each other. With a primary key that is the key of the query it is not needed. Switching it off without that (table.exec.sink.upsert-materialize) gives wrong results.',
            '由于变更按另一键到达且可能乱序，它为表的每个键保留全部行。若主键与查询的 upsert 键一致则不需要。否则关闭（table.exec.sink.upsert-materialize）会得到错误结果。',
          ),
          evidence: evidence('busyRatio', busyMax, LOAD_WINDOW_MS, ['>=', busyRatio], {
            metric: 'busyRatio',
            vertexId,
          }),
          until: text('a primary key that is the key of the changes', '主键与变更键一致'),
        }),
      );
  },
  // Only who knows the keys may change them: the wrong change gives wrong results.
  advise: () => [],
});
