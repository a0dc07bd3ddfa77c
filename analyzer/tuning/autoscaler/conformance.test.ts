import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { thresholdsOf } from './capacity.js';
import { evaluate } from './evaluate.js';
import { attempted } from './failure.js';
import { decideJob } from './job.js';
import type { EvaluatedVertex } from './metrics.js';
import { readAutoscalerOptions, type AutoscalerOptions, type AutoscalerVersion } from './options.js';
import type { Sample, VertexSample } from './samples.js';
import { scale } from './scale.js';
import { planOf } from './topology.js';
import { decideVertex, type VertexDecision } from './vertex.js';

type Num = number | 'NaN' | 'Infinity' | '-Infinity';
type Metrics = Readonly<Record<string, { readonly current?: Num; readonly average?: Num }>>;

interface ScaleCase {
  readonly kind: 'scale';
  readonly parallelism: number;
  readonly shipStrategies: readonly string[];
  readonly sourcePartitions: number;
  readonly maxParallelism: number;
  readonly scaleFactor: Num;
  readonly min: number;
  readonly max: number;
}
interface VertexCase {
  readonly kind: 'vertex';
  readonly shipStrategies: readonly string[];
  readonly restartSeconds: number;
  readonly processingBacklog: boolean;
  readonly history: readonly {
    readonly secondsAgo: number;
    readonly from: number;
    readonly to: number;
    readonly trueProcessingRate: Num;
    readonly expectedProcessingRate: Num;
  }[];
  readonly metrics: Metrics;
}
interface JobCase {
  readonly kind: 'job';
  readonly restartSeconds: number;
  readonly topology: readonly {
    readonly id: number;
    readonly inputs: readonly (readonly [number, string])[];
    readonly parallelism: number;
    readonly maxParallelism: number;
    readonly sourcePartitions: number;
  }[];
  readonly samples: readonly { readonly t: number; readonly vertices: readonly Readonly<Record<string, Num>>[] }[];
}
type Case = (ScaleCase | VertexCase | JobCase) & {
  readonly config: Readonly<Record<string, string | number>>;
  readonly by?: Readonly<Record<string, object>>;
};
interface Vectors {
  readonly versions: readonly AutoscalerVersion[];
  readonly cases: readonly Case[];
}

// The file is ours (fixtures/README.md): its shape is known.
const vectors = JSON.parse(readFileSync(new URL('../../fixtures/autoscaler.json', import.meta.url), 'utf8')) as Vectors;

/** Cases that differ for a reason that is known: `kind-number` as in the file, and what is known. None. */
const EXCEPTIONS: Readonly<Record<string, string>> = {};

const NOW_MS = 1_700_000_000_000;
const EVENT_TYPE = { IneffectiveScaling: 'Normal', ScalingLimited: 'Warning' } as const;

const METRIC: Readonly<Record<string, keyof EvaluatedVertex>> = {
  CATCH_UP_DATA_RATE: 'catchUpPerSecond',
  LAG: 'lagRecords',
  LOAD: 'load',
  MAX_PARALLELISM: 'maxParallelism',
  NUM_SOURCE_PARTITIONS: 'sourcePartitions',
  PARALLELISM: 'parallelism',
  SCALE_DOWN_RATE_THRESHOLD: 'scaleDownAbovePerSecond',
  SCALE_UP_RATE_THRESHOLD: 'scaleUpBelowPerSecond',
  TARGET_DATA_RATE: 'targetPerSecond',
  TRUE_PROCESSING_RATE: 'truePerSecond',
};
const AVERAGES = new Set(['LOAD', 'TARGET_DATA_RATE', 'TRUE_PROCESSING_RATE']);
const SAMPLE: Readonly<Record<string, keyof VertexSample>> = {
  LOAD: 'load',
  OBSERVED_TPR: 'observedPerSecond',
  LAG: 'lagRecords',
  NUM_RECORDS_IN: 'recordsIn',
  NUM_RECORDS_OUT: 'recordsOut',
  ACCUMULATED_BUSY_TIME: 'busyMs',
};

/** The vectors' names over ours; what is NaN there is missing here. */
function named<T>(
  figures: Readonly<Record<string, Num | undefined>>,
  names: Readonly<Record<string, keyof T>>,
): Partial<T> {
  const known = Object.entries(figures).flatMap(([name, value]) => {
    const own = names[name];
    if (own === undefined) throw new Error(`unknown figure ${name}`);
    return value === undefined || Number.isNaN(Number(value)) ? [] : [[own, Number(value)]];
  });
  return Object.fromEntries(known) as Partial<T>; // The names are T's.
}

const ourMetrics = (metrics: Metrics): Partial<EvaluatedVertex> =>
  named<EvaluatedVertex>(
    Object.fromEntries(
      Object.entries(metrics).map(([name, { current, average }]) => [name, AVERAGES.has(name) ? average : current]),
    ),
    METRIC,
  );

const optionsOf = (of: Case, version: AutoscalerVersion): AutoscalerOptions => ({
  ...readAutoscalerOptions(
    Object.fromEntries(Object.entries(of.config).map(([name, value]) => [`job.autoscaler.${name}`, String(value)])),
    version,
  ),
  ...('restartSeconds' in of ? { restartSeconds: of.restartSeconds } : {}),
});

const eventsOf = (events: readonly (keyof typeof EVENT_TYPE)[]): readonly (readonly [string, string])[] =>
  events.map((event) => [EVENT_TYPE[event], event]);

const decisionOf = ({ from, to, maySetOff }: VertexDecision): object =>
  from === to ? { newParallelism: null, outsideBounds: null } : { newParallelism: to, outsideBounds: maySetOff };

function scaleAnswer(of: ScaleCase, options: AutoscalerOptions): object {
  const { parallelism, limited } = scale(
    { ...of, factor: Number(of.scaleFactor), lowerLimit: of.min, upperLimit: of.max },
    options,
  );
  return { result: parallelism, events: eventsOf(limited ? ['ScalingLimited'] : []) };
}

function vertexAnswer(of: VertexCase, options: AutoscalerOptions): object {
  const history = of.history
    .map(({ secondsAgo, from, to, trueProcessingRate, expectedProcessingRate }) => ({
      ...{ atMs: NOW_MS - secondsAgo * 1000, from, to },
      ...named<{ truePerSecond: number; expectedPerSecond: number }>(
        { true: trueProcessingRate, expected: expectedProcessingRate },
        { true: 'truePerSecond', expected: 'expectedPerSecond' },
      ),
    }))
    .sort((a, b) => a.atMs - b.atMs);
  const given = ourMetrics(of.metrics) as EvaluatedVertex; // Every case has the parallelisms.
  const { scaleUpBelowPerSecond: _up, scaleDownAbovePerSecond: _down, ...demand } = given;
  const metrics = { ...demand, ...thresholdsOf(demand, options, of.processingBacklog) };
  const decision = decideVertex(metrics, of.shipStrategies, { history }, options, NOW_MS);
  const { expectedPerSecond } = decision;
  return {
    metrics,
    result: {
      ...decisionOf(decision),
      ...(expectedPerSecond === undefined ? {} : { expectedProcessingRate: expectedPerSecond }),
    },
    events: eventsOf(decision.events),
  };
}

function jobAnswer(of: JobCase, options: AutoscalerOptions): object {
  const plan = planOf(
    of.topology.map(({ id, inputs, ...vertex }) => ({
      ...vertex,
      vertexId: String(id),
      inputs: new Map(inputs.map(([from, ship]) => [String(from), ship])),
    })),
  );
  const samples = of.samples.map(({ t, vertices }): Sample => ({
    atMs: NOW_MS + t * 1000,
    vertices: new Map(vertices.map((sample, i) => [String(of.topology[i]?.id), named<VertexSample>(sample, SAMPLE)])),
  }));
  const metrics = evaluate(plan, samples, options);
  const decision = decideJob(plan, metrics, new Map(), {}, options, NOW_MS);
  return {
    result: {
      vertices: of.topology.map(({ id }) => {
        const vertex = decision.vertices.get(String(id));
        return { id, evaluated: metrics.get(String(id)), decision: vertex && decisionOf(vertex) };
      }),
      job: Object.fromEntries(decision.applied),
      events: eventsOf([...decision.vertices.values()].flatMap(({ events }) => events)),
    },
  };
}

const answers = { scale: scaleAnswer, vertex: vertexAnswer, job: jobAnswer } as const;

function answerOf(of: Case, version: AutoscalerVersion): unknown {
  const answer = attempted(() => answers[of.kind](of as never, optionsOf(of, version)));
  return answer.ok ? answer.value : { result: { error: [[answer.kind, answer.message]] } };
}

interface Answer {
  readonly result: {
    readonly error?: unknown;
    readonly expectedProcessingRate?: Num;
    readonly vertices?: readonly { readonly evaluated: Metrics }[];
  };
  readonly metrics?: Metrics;
  readonly events?: unknown;
}

const withNumbers = ({ expectedProcessingRate, ...result }: Answer['result']): object => ({
  ...result,
  ...named<{ expectedProcessingRate: number }>(
    { expectedProcessingRate },
    { expectedProcessingRate: 'expectedProcessingRate' },
  ),
});

/** What the real classes of a version answered, in our names; `by` holds the whole answer of a version. */
function expectedOf(of: Case, version: AutoscalerVersion): unknown {
  const { result, metrics, events = [] } = (of.by?.[version] ?? of) as Answer;
  if (result.error !== undefined) return { result };
  if (of.kind === 'scale') return { result, events };
  if (of.kind === 'vertex') return { metrics: metrics && ourMetrics(metrics), result: withNumbers(result), events };
  const vertices = result.vertices?.map((vertex) => ({ ...vertex, evaluated: ourMetrics(vertex.evaluated) }));
  return { result: { ...result, vertices } };
}

const COUNT = { scale: 711, vertex: 703, job: 327 } as const;

describe.each(vectors.versions)('as the classes of flink-autoscaler %s', (version) => {
  it.each(Object.entries(COUNT))('%s: all %i cases', (kind, count) => {
    const cases = vectors.cases.filter((candidate) => candidate.kind === kind);
    const wrong = cases.flatMap((of, i) => {
      if (EXCEPTIONS[`${kind}-${i}`] !== undefined) return [];
      const [got, expected] = [answerOf(of, version), expectedOf(of, version)];
      return isDeepStrictEqual(got, expected) ? [] : [{ id: `${kind}-${i}`, got, expected }];
    });
    expect(wrong.slice(0, 5)).toEqual([]);
    expect(cases).toHaveLength(count);
  });
});
