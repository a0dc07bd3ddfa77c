import { defineRule } from '../../analyzer/engine/rule.js';
import { evidence } from '../../analyzer/engine/evidence.js';
import { mean, variation } from '../../analyzer/numbers.js';
import { compact, percent, text } from '../../analyzer/text.js';
import type { Checkpoint, VertexHistory } from '../../collector/model/index.js';
import { pressureCounts } from '../support/pressure.js';
import { remark } from '../support/remark.js';
import { vertexSubject } from '../support/subjects.js';

/** Readings lie ten seconds apart or more: a shorter checkpoint has no reading of its own. */
const VISIBLE_MS = 20_000;
const CHECKPOINTS_MIN = 5;
const STEPS_MIN = 5;
/** Outside of checkpoints the rate must be steady: windows that fire come and go by themselves. */
const STEADY = 0.3;

export const bpCheckpointInduced = defineRule({
  id: 'bp-checkpoint-induced',
  category: 'backpressure',
  title: text('The job slows down with each checkpoint', '每次检查点作业都会变慢'),
  severityMax: 'info',
  basis: 'measured',
  opens: 'at-once',
  appliesTo: 'running',
  needs: ['checkpoints', 'lag', 'history'],
  options: {
    share: {
      default: 0.8,
      unit: 'ratio',
      description: 'rate during checkpoints over that between them, below which it is said',
    },
    minPerSecond: { default: 10, unit: 'records/s', description: 'rate between checkpoints below which it is chance' },
  },
  detect({ job, checkpoints, lag, history }, { share, minPerSecond }) {
    const long = checkpoints.completed.filter(({ durationMs }) => durationMs >= VISIBLE_MS);
    if (long.length < CHECKPOINTS_MIN || !pressureCounts(lag)) return [];
    return history.vertices
      .filter(({ vertexId }) => job.topology.isSource(vertexId))
      .flatMap((vertex) => {
        const { inside, outside } = stepsOf(vertex, checkpoints.completed);
        const [during, between] = [mean(inside) ?? 0, mean(outside) ?? 0];
        if (inside.length < STEPS_MIN || outside.length < STEPS_MIN || between < minPerSecond) return [];
        // Four of five steps of a checkpoint lie below: chance does that to five steps once in thirty (p < .05 from six on).
        const below = inside.filter((rate) => rate < share * between).length;
        if (during >= share * between || below < 0.8 * inside.length || (variation(outside) ?? 1) > STEADY) return [];
        const windowMs = Math.max(1, (long.at(-1)?.triggerMs ?? 0) - (long[0]?.triggerMs ?? 0));
        return [
          remark({
            subject: vertexSubject(job, vertex.vertexId),
            confidence: 0.7,
            title: text(
              `${vertex.name} reads ${percent(1 - during / between)} less while a checkpoint is under way`,
              `检查点进行时 ${vertex.name} 的读取速率下降 ${percent(1 - during / between)}`,
            ),
            summary: text(
              `${compact(between)} records a second between checkpoints, ${compact(during)} during them, over ${long.length} checkpoints. Incremental checkpoints, a longer interval or a pause between them take less; the phases say what the time goes to.`,
              `检查点之间每秒 ${compact(between)} 条，期间 ${compact(during)} 条，共考察 ${long.length} 个检查点。增量检查点、更长的间隔或最小间歇可减少影响；各阶段耗时说明时间去向。`,
            ),
            evidence: [
              ...evidence('checkpointRateShare', during / between, windowMs, ['<', share]),
              ...evidence('completedCheckpoints', long.length, windowMs, ['>=', CHECKPOINTS_MIN]),
            ],
            until: text('the same rate during checkpoints', '检查点期间速率不变'),
          }),
        ];
      });
  },
  // The rules about the phases know what makes the checkpoint long, and advise on that.
  advise: () => [],
});

/** Records per second of all readers in each step between two readings: wholly within a checkpoint, or wholly outside all. */
function stepsOf(
  vertex: VertexHistory,
  checkpoints: readonly Checkpoint[],
): { readonly inside: number[]; readonly outside: number[] } {
  const fromMs = checkpoints[0]?.triggerMs ?? 0;
  const grown = new Map<number, { atMs: number; fromMs: number; records: number }>();
  for (const { samples } of vertex.subtasks) {
    samples.forEach((sample, i) => {
      const before = samples[i - 1];
      if (before === undefined || before.atMs < fromMs || before.attempt !== sample.attempt) return;
      if (sample.recordsOut === undefined || before.recordsOut === undefined) return;
      const step = grown.get(sample.atMs) ?? { atMs: sample.atMs, fromMs: before.atMs, records: 0 };
      step.records += sample.recordsOut - before.recordsOut;
      grown.set(sample.atMs, step);
    });
  }
  const [inside, outside]: [number[], number[]] = [[], []];
  for (const step of grown.values()) {
    const rate = (step.records * 1000) / Math.max(1, step.atMs - step.fromMs);
    if (
      checkpoints.some(({ triggerMs, durationMs }) => step.fromMs >= triggerMs && step.atMs <= triggerMs + durationMs)
    )
      inside.push(rate);
    else if (
      checkpoints.every(({ triggerMs, durationMs }) => step.atMs <= triggerMs || step.fromMs >= triggerMs + durationMs)
    )
      outside.push(rate);
  }
  return { inside, outside };
}
