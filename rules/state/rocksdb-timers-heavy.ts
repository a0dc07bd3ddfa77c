import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence, labelOf } from '../../analyzer/engine/evidence.js';
import { usesRocksdb } from '../../analyzer/signals/rocksdb.js';
import { optionChange } from '../../analyzer/tuning/advice.js';
import { compact, text } from '../../analyzer/text.js';
import { pressureCounts } from '../support/pressure.js';
import { latest, METRIC_WINDOW_MS, taskReadings } from '../support/operator-metrics.js';
import { remark } from '../support/remark.js';
import { settingAdvice } from '../support/setting-advice.js';
import { settingOf } from '../support/settings.js';
import { vertexSubject } from '../support/subjects.js';

const KEY = 'state.backend.rocksdb.timer-service.factory';
/** Column families of timers are named `_timer_state/…`; some reporters write `_` for the slash. */
const TIMER_KEYS = /_timer_state.*rocksdb[._]estimate-num-keys$/;

export const rocksdbTimersHeavy = defineRule({
  id: 'rocksdb-timers-heavy',
  category: 'state',
  title: text('Few timers fire often, and lie in RocksDB', '少量频繁触发的定时器放在 RocksDB'),
  severityMax: 'info',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['load', 'lag', 'history'],
  options: {
    perRecord: { default: 0.5, unit: 'ratio', description: 'timers that fire for each record, from which it is said' },
    timers: { default: 1_000_000, unit: 'count', description: 'timers that wait, up to which the heap holds them' },
    busyRatio: { default: 0.7, unit: 'ratio', description: 'busy below which it costs nothing' },
  },
  detect({ job, load, lag, history, nowMs }, limits) {
    if (!usesRocksdb(history) || /heap/i.test(settingOf(history.configuration, KEY) ?? '') || !pressureCounts(lag))
      return [];
    const busy = history.vertices.filter(
      ({ vertexId }) => !job.topology.isSource(vertexId) && (load.get(vertexId)?.busyMax ?? 0) >= limits.busyRatio,
    );
    if (busy.length === 0) return [];
    const told = busy.flatMap((vertex) => {
      const fired = latest({ vertex, id: FIRED, readings: taskReadings(vertex, FIRED, job, nowMs) })?.sum;
      const counts = [...(vertex.metrics ?? [])].flatMap(([id, readings]) =>
        TIMER_KEYS.test(id) ? (readings.at(-1)?.sum ?? []) : [],
      );
      return fired === undefined || (fired > 0 && counts.length === 0)
        ? []
        : [{ vertex, fired, waiting: counts.reduce((a, b) => a + b, 0) }];
    });
    if (told.length === 0) return { notEvaluated: NOT_TOLD };
    return told.flatMap(({ vertex: { vertexId, name }, fired, waiting }) => {
      const records = load.get(vertexId)?.recordsInPerSecond ?? 0;
      if (records <= 0 || fired < limits.perRecord * records || waiting > limits.timers) return [];
      return [
        remark({
          subject: vertexSubject(job, vertexId),
          confidence: 0.6,
          title: text(
            `${name} fires ${compact(fired)} timers a second out of RocksDB`,
            `${name} 每秒从 RocksDB 触发 ${compact(fired)} 个定时器`,
          ),
          summary: text(
            `About ${compact(waiting)} wait: on the heap they would fire without a read. Snapshots of timers on the heap are synchronous, so millions of them belong into RocksDB.`,
            `约 ${compact(waiting)} 个在等待：放在堆上触发时无需读取。堆上定时器的快照是同步的，数百万个则应留在 RocksDB。`,
          ),
          evidence: [
            ...evidence('timersPerRecord', fired / records, METRIC_WINDOW_MS, ['>=', limits.perRecord]),
            ...evidence('timersWaiting', waiting, METRIC_WINDOW_MS, ['<=', limits.timers]),
          ],
          until: text('timers on the heap, or fewer of them', '定时器放到堆上或减少'),
        }),
      ];
    });
  },
  advise(finding, { job, history, load }) {
    const busy = load.get(finding.subject.vertexId ?? '')?.busyMax;
    if (busy === undefined) return [];
    return settingAdvice(
      {
        kind: 'state',
        title: text('Keep timers on the heap', '将定时器放在堆上'),
        changes: [optionChange('taskmanager', KEY, 'HEAP', history.configuration)],
        effect: {
          metric: 'busyRatio',
          label: labelOf('busyRatio'),
          from: busy,
          to: busy * 0.8,
          low: busy * 0.5,
          high: busy,
          unit: 'ratio',
        },
        verify: ['<', busy],
        restart: 'savepoint',
        note: text(
          'timers move with a savepoint; their snapshot is synchronous then',
          '需经 savepoint 迁移；其快照变为同步',
        ),
        confidence: 0.5,
        source: 'ops/state/state_backends/#timers-heap-vs-rocksdb',
      },
      { job, history },
    );
  },
});

const FIRED = 'numFiredTimersPerSecond';
const NOT_TOLD = text(
  'a vertex with RocksDB is busy; whether timers are why numFiredTimersPerSecond (1.20+) and state.backend.rocksdb.metrics.estimate-num-keys: true would tell',
  '有使用 RocksDB 的顶点繁忙；是否因定时器所致需 numFiredTimersPerSecond（1.20+）与 state.backend.rocksdb.metrics.estimate-num-keys: true',
);
