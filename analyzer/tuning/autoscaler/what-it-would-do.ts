import type { Text } from '../../text.js';
import { slotsNeededFor } from '../slots.js';
import { attempted } from './failure.js';
import { evaluate } from './evaluate.js';
import { autoscalerInput, type JobFigures } from './from-figures.js';
import { decideJob } from './job.js';
import { readAutoscalerOptions, type AutoscalerOptions, type AutoscalerVersion } from './options.js';
import { whyItDiffers } from './reasons.js';
import { decideVertex } from './vertex.js';

/** What Weir says itself. */
export interface OwnAdvice {
  /** Of the vertices that are to get another one. */
  readonly parallelism: ReadonlyMap<string, number>;
  /** By vertex, the title of the cause that more subtasks do not remove. */
  readonly causes: ReadonlyMap<string, Text>;
}

export interface VertexView {
  readonly vertexId: string;
  readonly from: number;
  /** What the autoscaler comes to; `from` where it changes nothing. */
  readonly to: number;
  /** What Weir comes to. */
  readonly own: number;
  /** Missing where both say the same. */
  readonly why?: Text;
  /** The autoscaler waits this long before it scales down. */
  readonly waitsMs?: number;
}

export interface AutoscalerView {
  readonly version: AutoscalerVersion;
  readonly vertices: readonly VertexView[];
  readonly slots: { readonly from: number; readonly to: number };
}

/** `unknown`: we lack a figure that it would read. `refused`: it would give up with this message. */
export type AutoscalerAnswer =
  | { readonly kind: 'decided'; readonly view: AutoscalerView }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'refused'; readonly message: string };

/**
 * What the operator's autoscaler would make of the job as it is now, once its window is full and a scale-down has waited
 * through its interval; beside what Weir advises. Past rescales and memory pressure are not taken into account.
 */
export function whatTheAutoscalerWouldDo(
  figures: JobFigures,
  own: OwnAdvice,
  configuration: Readonly<Record<string, string>>,
  version: AutoscalerVersion = '1.15.0',
): AutoscalerAnswer {
  const answer = attempted(() => viewOf(figures, own, readAutoscalerOptions(configuration, version)));
  if (!answer.ok) return { kind: 'refused', message: answer.message };
  return answer.value === undefined ? { kind: 'unknown' } : { kind: 'decided', view: answer.value };
}

function viewOf(figures: JobFigures, own: OwnAdvice, set: AutoscalerOptions): AutoscalerView | undefined {
  const input = autoscalerInput(figures, set);
  if (input === undefined) return undefined;
  const { plan, samples } = input;
  const options = { ...set, scaleDownIntervalMs: 0 };
  const metrics = evaluate(plan, samples, options);
  const { applied, vertices: decisions } = decideJob(plan, metrics, new Map(), {}, options, 0);
  const slots = { from: slotsNeededFor(figures.history, new Map()), to: slotsNeededFor(figures.history, applied) };
  const views = plan.vertices.flatMap(({ vertexId, parallelism: from }): VertexView[] => {
    const [vertex, load, decision] = [metrics.get(vertexId), figures.load.get(vertexId), decisions.get(vertexId)];
    const to = applied.get(vertexId) ?? from;
    const advised = own.parallelism.get(vertexId) ?? from;
    const view = { vertexId, from, to, own: advised };
    if (to === advised || vertex === undefined || load === undefined) return [view];
    // Without partitions and keys nothing is aligned: what the rates alone would come to.
    const unaligned = decideVertex({ ...vertex, sourcePartitions: 0 }, [], { history: [] }, options, 0).to;
    const cause = own.causes.get(vertexId);
    const why = whyItDiffers({
      ...{ ...view, vertex, load, options, slots, unaligned, cause },
      ...{ sized: decision?.to, acts: applied.size > 0 },
    });
    return [
      { ...view, why, ...(to < from && set.scaleDownIntervalMs > 0 ? { waitsMs: set.scaleDownIntervalMs } : {}) },
    ];
  });
  return { version: set.version, vertices: views, slots };
}
