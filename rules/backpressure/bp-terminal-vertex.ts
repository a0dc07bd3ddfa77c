import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { LOAD_WINDOW_MS } from '../../analyzer/signals/load.js';
import { percent, text } from '../../analyzer/text.js';
import { alignsLong, pressedOverIdle } from '../support/idle-successors.js';
import { lastLooks, METRIC_WINDOW_MS, taskReadings } from '../support/operator-metrics.js';
import { remark } from '../support/remark.js';
import { vertexSubject } from '../support/subjects.js';

/** Looks in which it must hold: a checkpoint or a rescale passes within one. */
const LOOKS = 3;

export const bpTerminalVertex = defineRule({
  id: 'bp-terminal-vertex',
  category: 'backpressure',
  title: text('A vertex waits to emit, and what it feeds rests', '顶点等待输出，而其下游空闲'),
  severityMax: 'info',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['load', 'checkpoints', 'history'],
  options: {
    hardMsPerSecond: {
      default: 300,
      unit: 'ms',
      description: 'time blocked within a record, in each second, from which it is said',
    },
  },
  detect({ job, load, checkpoints, history, nowMs }, { hardMsPerSecond }) {
    const found = pressedOverIdle(job, load);
    if (found.length === 0 || alignsLong(checkpoints)) return [];
    const told = found.flatMap(({ vertex, successorBusy }) => {
      const own = history.vertices.find(({ vertexId }) => vertexId === vertex.vertexId);
      const readings = own === undefined ? [] : taskReadings(own, HARD, job, nowMs);
      return readings.length < LOOKS
        ? []
        : [{ vertex, successorBusy, hard: lastLooks(readings, LOOKS, ({ max = 0 }) => max >= hardMsPerSecond)?.max }];
    });
    if (told.length === 0) return { notEvaluated: NOT_TOLD };
    return told.flatMap(({ vertex, successorBusy, hard }) =>
      hard === undefined
        ? []
        : [
            remark({
              subject: vertexSubject(job, vertex.vertexId),
              confidence: 0.6,
              title: text(
                `${vertex.name} is blocked while it emits, and what it feeds is ${percent(successorBusy)} busy at most`,
                `${vertex.name} 在输出时被阻塞，而其下游繁忙率最多 ${percent(successorBusy)}`,
              ),
              summary: text(
                'It blocks within a record, not between two: a record larger than a buffer, many records from one (flatMap), or timers that fire at once. More output buffers (max-overdraft-buffers-per-gate) or smaller records let it finish.',
                '它在处理一条记录的过程中被阻塞：记录大于缓冲区、一条产生多条（flatMap）或定时器集中触发。增加输出缓冲（max-overdraft-buffers-per-gate）或减小记录可缓解。',
              ),
              evidence: [
                ...evidence('backPressuredRatio', vertex.backPressuredMax, LOAD_WINDOW_MS, ['>=', 0.5]),
                ...evidence('hardBlockedMs', hard, METRIC_WINDOW_MS, ['>=', hardMsPerSecond]),
                ...evidence('othersBusyRatio', successorBusy, LOAD_WINDOW_MS, ['<', 0.3]),
              ],
              until: text('it is no longer blocked within a record', '不再在记录内被阻塞'),
            }),
          ],
    );
  },
  // Which of the three it is the readings do not tell.
  advise: () => [],
});

const HARD = 'hardBackPressuredTimeMsPerSecond';
const NOT_TOLD = text(
  `a vertex waits over idle ones, and ${HARD} (1.15+) was not told three times yet`,
  `有顶点在空闲下游之上等待，但 ${HARD}（1.15+）尚未报告三次`,
);
