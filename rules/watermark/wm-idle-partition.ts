import { evidence } from '../../analyzer/engine/evidence.js';
import { defineRule } from '../../analyzer/engine/rule.js';
import { STANDS_MS, type EventTimeStall, type SilentReaders } from '../../analyzer/signals/event-time.js';
import { duration, text, type Text } from '../../analyzer/text.js';
import {
  CRITICAL_SECONDS,
  idlenessAdvice,
  stallConfidence,
  stallEvidence,
  stallSeverity,
  waitingText,
} from '../support/event-time.js';
import { subtaskNames, vertexSubject } from '../support/subjects.js';

export const wmIdlePartition = defineRule({
  id: 'wm-idle-partition',
  category: 'watermark',
  title: text('A silent reader holds event time back', '静默的读取者拖住事件时间'),
  severityMax: 'critical',
  basis: 'measured',
  opens: 'persisting',
  appliesTo: 'running',
  needs: ['watermarks', 'eventTimeStalls', 'history'],
  options: { criticalSeconds: CRITICAL_SECONDS },
  detect({ job, eventTimeStalls }, { criticalSeconds }) {
    return eventTimeStalls.flatMap((stall) =>
      stall.silent.map((silent) => {
        const name = job.vertexName(silent.vertexId);
        const who = readersText(silent);
        const waits = waitingText(stall, job);
        const behind = stall.behindMs === undefined ? undefined : duration(stall.behindMs);
        return {
          severity: stallSeverity(stall, criticalSeconds),
          confidence: stallConfidence(stall),
          subject: vertexSubject(job, silent.vertexId, isWhole(silent) ? undefined : silent.subtasks),
          title: silent.neverEmitted
            ? text(
                `${name}: ${who.en} never emitted a record and hold${plural(silent)} event time back`,
                `${name}：${who['zh-CN']} 从未发出记录，拖住了事件时间`,
              )
            : text(
                `${name}: ${who.en} ${isOne(silent) ? 'is' : 'are'} silent and hold${plural(silent)} event time back`,
                `${name}：${who['zh-CN']} 静默，拖住了事件时间`,
              ),
          summary: text(
            `No record came from there for ${duration(silent.silentMs)} while the others read on${behind === undefined ? '' : ` and are ${behind} ahead`}. Event time is that of the slowest reader, and it does not count as idle. ${waits.en}`,
            `${duration(silent.silentMs)} 没有来自那里的记录，其他读取者仍在前进${behind === undefined ? '' : `，领先 ${behind}`}。事件时间取最慢的读取者，而它没有被视为空闲。${waits['zh-CN']}`,
          ),
          evidence: [
            ...evidence('silentMs', silent.silentMs, silent.silentMs, ['>=', STANDS_MS]),
            ...evidence('silentReaders', silent.subtasks.length, silent.silentMs),
            ...stallEvidence(stall, STANDS_MS),
          ],
          wouldChange: [
            text(
              'a record from there, or event time that moves without it',
              '那里出现一条记录，或事件时间不依赖它而前进',
            ),
          ],
        };
      }),
    );
  },
  advise(finding, { job, eventTimeStalls, history }) {
    const found = eventTimeStalls
      .flatMap((stall) => stall.silent.map((silent): readonly [EventTimeStall, SilentReaders] => [stall, silent]))
      .find(([, { vertexId }]) => vertexId === finding.subject.vertexId);
    if (found === undefined || found[0].waiting.length === 0) return [];
    return idlenessAdvice(found[1], found[0], { job, history, configuration: history.configuration });
  },
});

const isWhole = ({ subtasks, parallelism }: SilentReaders): boolean => subtasks.length === parallelism;
const isOne = (silent: SilentReaders): boolean => isWhole(silent) || silent.subtasks.length === 1;
const plural = (silent: SilentReaders): string => (isOne(silent) ? 's' : '');

function readersText(silent: SilentReaders): Text {
  return isWhole(silent) ? text('the whole source', '整个源端') : subtaskNames(silent.subtasks);
}
