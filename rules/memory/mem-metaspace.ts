import { defineRule, type Verdict } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import type { TaskManagerHistory } from '../../collector/model/index.js';
import { forecastOf, toldForecast, type ToldForecast } from '../../analyzer/signals/forecast.js';
import { metaspaceRunOf, type MetaspaceRun } from '../../analyzer/signals/metaspace.js';
import { parseMemorySize } from '../../analyzer/tuning/values/memory-size.js';
import { bytes, duration, percent, text } from '../../analyzer/text.js';
import { FAILURE_OPTIONS, failureSubject, failureVerdict, times, toldFailure } from '../support/failure-verdict.js';
import { forecastEvidence, inTime } from '../support/forecast-words.js';
import { MIB, partAdvice } from '../support/memory-advice.js';
import { historiesOf } from '../../analyzer/signals/task-managers.js';

const KEY = 'taskmanager.memory.jvm-metaspace.size';
/** Flink's default, all versions. */
const DEFAULT_BYTES = 256 * MIB;

export const memMetaspace = defineRule({
  id: 'mem-metaspace',
  category: 'memory',
  title: text('Metaspace is full', 'Metaspace 已满'),
  severityMax: 'critical',
  basis: 'measured',
  opens: 'at-once',
  appliesTo: 'any-state',
  needs: ['exceptions', 'ownTaskManagers', 'history'],
  options: {
    ...FAILURE_OPTIONS,
    // Diagnosis §5.4. Metaspace does not breathe as a heap does: what is used stays used until class loaders go.
    usedRatio: {
      default: 0.9,
      unit: 'ratio',
      description: 'metaspace in use, of its size, from which it is a warning',
    },
    stairsRatio: {
      default: 0.7,
      unit: 'ratio',
      description: 'the same, from which it is told that metaspace rises step by step',
    },
  },
  detect({ job, exceptions, ownTaskManagers, history, nowMs }, { warningCount, usedRatio, stairsRatio }) {
    const failure = toldFailure('mem-metaspace', exceptions, job, nowMs, warningCount);
    if (failure !== undefined) {
      return [
        failureVerdict(failure, {
          subject: failureSubject(failure),
          title: text(`Metaspace ran out (${times(failure).en})`, `Metaspace 耗尽（${times(failure)['zh-CN']}）`),
          summary: text(
            'Either the job has more classes than fit, or class loaders of earlier submissions stay: each restart then loads the classes once more. Drivers that register themselves (JDBC) and threads that user code leaves behind keep a class loader; put such jars into lib/ or end the threads in close().',
            '要么作业的类太多，要么之前提交的类加载器没有释放，每次重启都会再加载一遍。会自行注册的驱动（JDBC）和用户代码遗留的线程会持有类加载器：把这类 jar 放入 lib/，或在 close() 中结束线程。',
          ),
        }),
      ];
    }
    // Of those that run other jobs the other jobs tell.
    return historiesOf(history, ownTaskManagers).flatMap((taskManager): Verdict[] => {
      const { taskManagerId, samples } = taskManager;
      const last = samples.at(-1);
      const used = last?.metaspaceUsedBytes;
      const size = last?.metaspaceMaxBytes;
      if (used === undefined || size === undefined || size <= 0) return [];
      const stairs = stairsOf(taskManager, nowMs);
      if (used / size < usedRatio)
        return stairs !== undefined && used / size >= stairsRatio ? [staircase(taskManagerId, stairs)] : [];
      return [
        {
          severity: 'warning',
          confidence: 0.8,
          subject: { kind: 'taskmanager', taskManagerId },
          title: text(`Metaspace is ${percent(used / size)} full`, `Metaspace 已使用 ${percent(used / size)}`),
          summary: text(
            `${bytes(used)} of ${bytes(size)} on ${taskManagerId} are classes. The next job or restart there may not find room for its own.${stairs === undefined ? '' : ` It rose in ${stairs.steps} steps: full ${inTime(stairs.told).en}.`}`,
            `${taskManagerId} 的 ${bytes(size)} 中有 ${bytes(used)} 被类占用，下一个作业或下一次重启可能没有空间。${stairs === undefined ? '' : `它分 ${stairs.steps} 级上升：${inTime(stairs.told)['zh-CN']}耗尽。`}`,
          ),
          evidence: [
            ...evidence('metaspaceRatio', used / size, 60_000, ['>=', usedRatio], seriesOf(taskManagerId)),
            ...(stairs === undefined ? [] : forecastEvidence('timeLeft', stairs.told, stairs.windowMs)),
          ],
          wouldChange: [text('less of it is in use', '占用下降')],
        },
      ];
    });
  },
  advise({ evidence: seen }, { job, history }) {
    // What rises with every submission fills any size: the class loader that stays is the remedy.
    if (seen.some(({ signal }) => signal === 'metaspaceSteps')) return [];
    const fromBytes = parseMemorySize(history.configuration[KEY] ?? '') ?? DEFAULT_BYTES;
    return partAdvice(
      {
        keys: [KEY],
        fromBytes,
        toBytes: 2 * fromBytes,
        page: 'mem_setup_tm',
        title: text(`Double the metaspace to ${bytes(2 * fromBytes)}`, `将 Metaspace 加倍到 ${bytes(2 * fromBytes)}`),
        rejected: [
          {
            alternative: text('more heap', '增大堆'),
            why: text('classes do not live there', '类不在堆中'),
          },
        ],
        confidence: 0.6,
      },
      job,
      history,
    );
  },
});

/**
 * HotSpot unloads classes when metaspace is 1.67 times what stayed last time (MinMetaspaceFreeRatio 40), and G1 only some time
 * later: a staircase of classes that go looks the same until then. Measured on JDK 17 with 256 MiB, 60–120 submissions whose
 * loaders may go, 11–129 MiB of classes that stay: with Serial and Parallel it rose 1.65 times, with G1 up to 6.9 times, but
 * twice what it began with was never above 65 % of the size.
 */
const GROWN_MIN = 2;
/** Of fewer steps nobody knows when the next one comes. */
const STEPS_MIN = 4;
/** A process loads its own classes first. */
const WARM_UP_MS = 120_000;
const DAY_MS = 86_400_000;

type Stairs = MetaspaceRun & { readonly told: ToldForecast };

/** Metaspace that rises step by step and is full within a day. */
function stairsOf(taskManager: TaskManagerHistory, nowMs: number): Stairs | undefined {
  const run = metaspaceRunOf(taskManager, taskManager.firstSeenMs + WARM_UP_MS);
  if (run?.line === undefined || run.steps < STEPS_MIN || run.usedBytes < GROWN_MIN * run.startBytes) return undefined;
  const told = toldForecast(forecastOf(run.line, { value: run.sizeBytes, from: 'below' }, nowMs));
  return told === undefined || told.inMs > DAY_MS ? undefined : { ...run, told };
}

function staircase(taskManagerId: string, stairs: Stairs): Verdict {
  const { startBytes, usedBytes, sizeBytes, steps, windowMs, told } = stairs;
  const when = inTime(told);
  return {
    severity: 'info',
    confidence: 0.6,
    subject: { kind: 'taskmanager', taskManagerId },
    title: text(`Metaspace rises step by step: full ${when.en}`, `Metaspace 逐级上升：${when['zh-CN']}耗尽`),
    summary: text(
      `${bytes(startBytes)} became ${bytes(usedBytes)} of ${bytes(sizeBytes)} on ${taskManagerId} in ${steps} steps over ${duration(windowMs)}, and no classes went. Each submission or restart loads the classes once more while something keeps the old class loader: drivers that register themselves (JDBC), threads and ThreadLocals that stay.`,
      `${taskManagerId} 在 ${duration(windowMs)} 内分 ${steps} 级从 ${bytes(startBytes)} 增至 ${bytes(usedBytes)}（共 ${bytes(sizeBytes)}），没有类被卸载。若旧的类加载器被持有（自行注册的 JDBC 驱动、遗留的线程与 ThreadLocal），每次提交或重启都会再加载一遍类。`,
    ),
    evidence: [
      ...evidence('metaspaceRatio', usedBytes / sizeBytes, windowMs, undefined, seriesOf(taskManagerId)),
      ...evidence('metaspaceSteps', steps, windowMs, ['>=', STEPS_MIN]),
      ...forecastEvidence('timeLeft', told, windowMs, DAY_MS),
    ],
    wouldChange: [text('classes are unloaded', '有类被卸载')],
  };
}

const seriesOf = (taskManagerId: string) => ({ metric: 'metaspaceUsedRatio', taskManagerId });
