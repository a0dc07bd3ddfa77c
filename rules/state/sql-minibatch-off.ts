import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { usesRocksdb } from '../../analyzer/signals/rocksdb.js';
import { LOAD_WINDOW_MS } from '../../analyzer/signals/load.js';
import { percent, text } from '../../analyzer/text.js';
import { holdsBack, pressureCounts } from '../support/pressure.js';
import { remark } from '../support/remark.js';
import { isGroupAggregate, isMiniBatched, miniBatchAdvice, regularJoinsIn } from '../support/sql.js';
import { vertexSubject } from '../support/subjects.js';

export const sqlMinibatchOff = defineRule({
  id: 'sql-minibatch-off',
  category: 'state',
  title: text('SQL reads and writes its state record by record', 'SQL 逐条读写状态'),
  severityMax: 'info',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['bottlenecks', 'lag', 'history'],
  options: {
    busyRatio: { default: 0.7, unit: 'ratio', description: 'busy of the vertex from which it is said' },
  },
  detect({ job, bottlenecks, lag, history }, { busyRatio }) {
    if (bottlenecks.length === 0 || !usesRocksdb(history) || !pressureCounts(lag) || isMiniBatched(history)) return [];
    return bottlenecks
      .filter((found) => found.busyMax >= busyRatio && holdsBack(found, lag))
      .filter(
        ({ vertexId }) => isGroupAggregate(job.vertexName(vertexId)) || regularJoinsIn(job.vertexName(vertexId)) > 0,
      )
      .map(({ vertexId, busyMax }) =>
        remark({
          subject: vertexSubject(job, vertexId),
          confidence: 0.7,
          title: text(
            `${job.vertexName(vertexId)} goes to RocksDB for each record`,
            `${job.vertexName(vertexId)} 每条记录都访问 RocksDB`,
          ),
          summary: text(
            `It holds the job back at ${percent(busyMax)} busy. A mini-batch reads and writes the state of a key once for all its records of a few seconds; results come that much later.`,
            `它以 ${percent(busyMax)} 的繁忙率拖住作业。mini-batch 可将同一键几秒内的记录合并为一次状态读写；结果相应延迟。`,
          ),
          evidence: evidence('busyRatio', busyMax, LOAD_WINDOW_MS, ['>=', busyRatio], {
            metric: 'busyRatio',
            vertexId,
          }),
          until: text('mini-batches are on', '开启 mini-batch'),
        }),
      );
  },
  advise(finding, { job, history, bottlenecks }) {
    const busy = bottlenecks.find(({ vertexId }) => vertexId === finding.subject.vertexId)?.busyMax;
    return busy === undefined ? [] : miniBatchAdvice(busy, { job, history });
  },
});
