import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { alignIn } from './alignment.js';
import { thresholdsOf } from './capacity.js';
import { outputRatio } from './edges.js';
import { evaluate, isWorkingOffBacklog } from './evaluate.js';
import { attempted } from './failure.js';
import type { PastScaling } from './history.js';
import { decideJob } from './job.js';
import type { EvaluatedVertex } from './metrics.js';
import { readAutoscalerOptions, type AutoscalerOptions } from './options.js';
import { averageOf, rateOf, type Sample, type VertexSample } from './samples.js';
import { scalingCoefficient } from './scalability.js';
import { scale } from './scale.js';
import { delayedBy, largestWant, type ScaleDownDelay } from './scale-down-delay.js';
import { planOf, type Plan } from './topology.js';
import { loadOf, trueRate } from './true-rate.js';
import { decideVertex, type VertexMemory } from './vertex.js';

/** The file holds many kinds, each with its own fields; each check below knows those of its kind. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Fields = any;
interface Case {
  readonly id: string;
  readonly kind: string;
  readonly inputs: Fields;
  readonly expected: Fields;
}
// The file is ours (fixtures/README.md): its shape is known.
const { cases } = JSON.parse(
  readFileSync(new URL('../../fixtures/autoscaler-upstream.json', import.meta.url), 'utf8'),
) as { readonly cases: readonly Case[] };

/** What upstream's tests assert of code that is in no release yet, by id. */
const OF_LATER_CODE: Readonly<Record<string, string>> = {
  'expectedRate-002':
    'FLINK-39743: up to 1.15.0 the expected rate is the wanted capacity, not what the new parallelism brings',
  'expectedRate-003': 'FLINK-39743: likewise, where the alignment cut the parallelism',
};
/** What these tests set unless they say otherwise. */
const BASE: AutoscalerOptions = {
  ...readAutoscalerOptions({}, '1.15.0'),
  scaleUpMaxFactor: 2_147_483_647,
  scaleDownMaxFactor: 1,
  catchUpSeconds: 0,
  scaleDownIntervalMs: 0,
};
const NO_MEMORY: VertexMemory = { history: [] };
const number = (value: Fields): number => Number(value ?? NaN);

function metricsOf(of: Fields, options: AutoscalerOptions): EvaluatedVertex {
  const demand = { targetPerSecond: number(of.targetDataRate), catchUpPerSecond: of.catchUpDataRate ?? 0 };
  return {
    parallelism: of.currentParallelism ?? of.parallelism,
    maxParallelism: of.operatorMaxParallelism ?? 720,
    sourcePartitions: of.sourcePartitions ?? 0,
    truePerSecond: number(of.trueProcessingRate),
    ...demand,
    ...thresholdsOf(demand, options, of.backlog === true),
  };
}

/** A series of one vertex: counters and gauges by name, one value for each time; null is no value. */
function seriesOf(
  atMs: readonly number[],
  vertices: Readonly<Record<string, Record<string, readonly (number | null)[]>>>,
): Sample[] {
  return atMs.map((ms, i) => ({
    atMs: ms,
    vertices: new Map(
      Object.entries(vertices).map(([id, series]) => [
        id,
        Object.fromEntries(
          Object.entries(series).flatMap(([name, values]) =>
            (values[i] ?? undefined) === undefined ? [] : [[name, Number(values[i])]],
          ),
        ) as VertexSample,
      ]),
    ),
  }));
}

const vertexOf = (
  vertexId: string,
  inputs: readonly string[] = [],
  ship = 'REBALANCE',
  parallelism = 1,
  maxParallelism = 720,
) => ({
  vertexId,
  parallelism,
  maxParallelism,
  sourcePartitions: 0,
  inputs: new Map(inputs.map((input) => [input, ship])),
});
const CHAIN = planOf([vertexOf('source'), vertexOf('sink', ['source'])]);

const historyOf = (pairs: readonly (readonly [number, number])[]): PastScaling[] =>
  pairs.map(([from, truePerSecond], i) => ({ atMs: i, from, to: from, truePerSecond }));

const decided = (of: Fields, options: AutoscalerOptions, memory = NO_MEMORY, nowMs = 0) =>
  decideVertex(metricsOf(of, options), of.inputShipStrategies ?? [], memory, options, nowMs);

const expectedDecision = (expected: Fields) => ({
  newParallelism: expected.newParallelism,
  ...('outsideUtilizationBound' in expected ? { outside: expected.outsideUtilizationBound } : {}),
});

function decision(
  of: Fields,
  expected: Fields,
  options: AutoscalerOptions,
  memory = NO_MEMORY,
): readonly [unknown, unknown] {
  const { to, maySetOff } = decided(of, options, memory);
  const got = { newParallelism: to, ...('outsideUtilizationBound' in expected ? { outside: maySetOff } : {}) };
  return [got, expectedDecision(expected)];
}

type Check = (inputs: Fields, expected: Fields) => readonly [got: unknown, expected: unknown];

const checks: Readonly<Record<string, Check>> = {
  scaleAndAlign: (of, expected) => {
    const answer = attempted(() =>
      scale(
        {
          parallelism: of.currentParallelism,
          maxParallelism: of.operatorMaxParallelism,
          sourcePartitions: of.sourcePartitions,
          shipStrategies: of.inputShipStrategies ?? [],
          factor: of.scaleFactor,
          lowerLimit: of.lowerLimit,
          upperLimit: of.upperLimit,
        },
        { version: '1.15.0', adjustMode: (of.alignmentMode ?? 'LEGACY_EVENLY_SPREAD').replace('LEGACY_', '') },
      ),
    );
    return [answer.ok ? answer.value.parallelism : 'error', expected.newParallelism ?? 'error'];
  },
  alignVersions: (of, expected) => {
    const pieces = of.sourcePartitions > 0 ? of.sourcePartitions : of.operatorMaxParallelism;
    const unaligned = {
      current: of.currentParallelism,
      target: of.targetParallelism,
      pieces,
      lowerLimit: of.lowerLimit ?? 1,
      upperLimit: of.operatorMaxParallelism,
    };
    const aligned = [
      alignIn['1.10.0'](unaligned, 'EVENLY_SPREAD'),
      alignIn['1.15.0'](unaligned, 'EVENLY_SPREAD'),
      alignIn['1.15.0'](unaligned, 'MAXIMIZE_UTILISATION'),
    ].map(({ parallelism, limited }) => ({ p: parallelism, event: limited }));
    return [aligned, [expected['1.10/-'], expected['1.15/EVENLY_SPREAD'], expected['1.15/MAXIMIZE_UTILISATION']]];
  },
  scaleDecision: (of, expected) =>
    decision(of, expected, {
      ...BASE,
      utilizationTarget: of.utilizationTarget,
      utilizationBoundary: of.utilBoundary,
      scaleUpMaxFactor: of.maxScaleUpFactor,
      scaleDownMaxFactor: of.maxScaleDownFactor,
      vertexMinParallelism: of.minParallelism,
      vertexMaxParallelism: of.maxParallelismOption,
      catchUpSeconds: of.catchUpSec,
      restartSeconds: of.restartSec,
    }),
  scaleWithCoefficient: (of, expected) =>
    decision(
      of,
      expected,
      { ...BASE, utilizationTarget: of.utilizationTarget, observesScalability: true },
      { history: historyOf(of.history_parallelism_tpr) },
    ),
  scalingCoefficient: (of, expected) => {
    const coefficient = scalingCoefficient(historyOf(of.history_parallelism_tpr), {
      ...BASE,
      scalabilityMinObservations: of.minObservations,
      scalabilityCoefficientMin: of.coefficientMin,
    });
    if ('exact' in expected) return [coefficient, expected.exact];
    const [low, high] = expected.open_interval as [number, number];
    return [coefficient > low && coefficient < high, true];
  },
  thresholds: (of, expected) => {
    const options = {
      ...BASE,
      utilizationTarget: of.utilizationTarget,
      utilizationMax: of.utilizationMax,
      utilizationMin: of.utilizationMin,
      catchUpSeconds: of.catchUpSec,
      restartSeconds: of.restartSec,
    };
    const demand = { targetPerSecond: of.targetDataRate, catchUpPerSecond: of.catchUpDataRate };
    const { scaleUpBelowPerSecond, scaleDownAbovePerSecond } = thresholdsOf(demand, options, of.processingBacklog);
    return [
      [scaleUpBelowPerSecond, scaleDownAbovePerSecond],
      [number(expected.scaleUp), number(expected.scaleDown)],
    ];
  },
  trueProcessingRate: (of, expected) => {
    const observed = of.observedTprSamples as number[];
    const samples = seriesOf([...observed.keys()], { v: { observedPerSecond: observed } });
    const rate = trueRate(number(of.busyTimeMsPerSecond) / 1000, number(of.inputRate), 'v', samples, {
      ...BASE,
      observedRateSwitchThreshold: of.switchThreshold,
      observedRateMinObservations: of.minObservations,
    });
    return [rate, number(expected.trueProcessingRate)];
  },
  busyTimeAvg: (of, expected) => {
    const samples = seriesOf(of.samplesMs, { v: { load: of.load, busyMs: of.accumulatedBusyMs } });
    const load = loadOf('v', of.parallelism, samples, { ...BASE, busyAggregator: of.aggregator });
    return [Math.round(load * 1e6) / 1e3, expected.busyMsPerSecond];
  },
  loadAverage: (of, expected) => [
    averageOf('load', 'v', seriesOf([...of.load.keys()], { v: { load: of.load } })),
    number(expected.avg),
  ],
  outputRatio: (of, expected) => {
    const ids = Object.keys(of.records as object);
    const inputs = of.topology as Record<string, string[]>;
    const plan = planOf([...new Set([...ids, ...Object.keys(inputs)])].map((id) => vertexOf(id, inputs[id])));
    const series = Object.entries(of.records as Record<string, { in: number[]; out?: number[] }>).map(
      ([id, records]) => [id, { recordsIn: records.in, recordsOut: records.out ?? [] }] as const,
    );
    const [from, to] = of.edge as [string, string];
    const target = plan.get(to) ?? vertexOf(to);
    return [outputRatio(from, target, plan, seriesOf(of.samplesMs, Object.fromEntries(series))), expected.ratio];
  },
  targetRates: (of, expected) => {
    const samples = seriesOf(of.samplesMs, {
      source: { lagRecords: of.source.lag, recordsIn: of.source.numRecordsIn, recordsOut: of.source.numRecordsOut },
      sink: { recordsIn: of.sink.numRecordsIn },
    });
    const metrics = evaluate(CHAIN, samples, { ...BASE, catchUpSeconds: of.catchUpSec });
    const rates = ['source', 'sink'].map((id) => [
      id,
      { targetDataRate: metrics.get(id)?.targetPerSecond, catchUpDataRate: metrics.get(id)?.catchUpPerSecond },
    ]);
    return [Object.fromEntries(rates), expected];
  },
  backlog: (of, expected) => {
    const samples = seriesOf(of.samplesMs, { source: { recordsIn: of.numRecordsIn, lagRecords: [null, of.lastLag] } });
    return [
      isWorkingOffBacklog(CHAIN, samples, { ...BASE, backlogLagSeconds: of.lagThresholdSec }),
      expected.processingBacklog,
    ];
  },
  getRate: (of, expected) => {
    const pairs = of.samples_ms_value as [number, number | null][];
    const samples = seriesOf(pairs.map(([ms]) => ms), { v: { recordsIn: pairs.map(([, value]) => value) } }); // prettier-ignore
    return [rateOf('recordsIn', 'v', samples), number(expected.ratePerSecond)];
  },
  slidingWindowMax: (of, expected) => {
    const wants = (of.recommendations_t_p_outside as [number, number, boolean][]).map(
      ([atMs, parallelism, isOutside]) => ({
        atMs,
        parallelism,
        isOutside,
      }),
    );
    const largest = (of.queries_afterNRecs_windowStart as [number, number][]).map(([count, startMs]) => {
      const delay = wants.slice(0, count).reduce<ScaleDownDelay | undefined>(delayedBy, undefined);
      const want = delay && largestWant(delay, startMs, 0);
      return want && [want.atMs, want.parallelism, want.isOutside];
    });
    return [largest, expected.max_t_p_outside ?? [undefined]];
  },
  scaleDownIntervalSequence: (of, expected) => {
    const options = {
      ...BASE,
      utilizationTarget: of.utilizationTarget,
      scaleDownIntervalMs: of.scaleDownIntervalSec * 1000,
    };
    const { preInjected: before } = of;
    let delay: ScaleDownDelay | undefined =
      before && delayedBy(undefined, { atMs: before.tSec * 1000, parallelism: before.recommended, isOutside: before.outside }); // prettier-ignore
    const steps = (of.steps as Fields[]).map((step) => {
      const memory = { history: [], ...(delay && { delay }) };
      const answer = decided({ ...of, ...step }, options, memory, step.tSec * 1000);
      ({ delay } = answer);
      return [answer.to, answer.to === answer.from ? null : answer.maySetOff];
    });
    return [steps, expected.perStep_newParallelism_outside];
  },
  ineffectiveSequence: (of, expected) => {
    const history: PastScaling[] = [];
    const steps = (of.steps as Fields[]).map((step, i) => {
      const options = {
        ...BASE,
        utilizationTarget: of.utilizationTarget,
        effectivenessThreshold: of.threshold,
        blocksIneffective: step.detectionEnabled,
      };
      const answer = decided(step, options, { history });
      const expectedPerSecond = answer.to === answer.from ? undefined : answer.expectedPerSecond;
      if (step.storeInHistory)
        history.push({ ...answer, atMs: i, truePerSecond: step.trueProcessingRate, expectedPerSecond: number(expectedPerSecond) }); // prettier-ignore
      return [answer.to, expectedPerSecond ?? null, answer.events.includes('IneffectiveScaling')];
    });
    return [steps, expected.perStep_newParallelism_expectedRate_ineffectiveEvent];
  },
  ineffectiveEvent: (of, expected) => {
    const { fromParallelism, toParallelism, trueProcessingRate, expectedProcessingRate } = of.lastScaling;
    const past = { atMs: 0, from: fromParallelism, to: toParallelism };
    const history = [{ ...past, truePerSecond: trueProcessingRate, expectedPerSecond: expectedProcessingRate }];
    const options = { ...BASE, utilizationTarget: of.utilizationTarget, blocksIneffective: of.detectionEnabled };
    const { to, events } = decided(of, options, { history });
    return [
      { to, events },
      { to: expected.newParallelism, events: [expected.event] },
    ];
  },
  expectedRate: (of, expected) => {
    const options = { ...BASE, utilizationTarget: of.utilizationTarget, scaleUpMaxFactor: of.maxScaleUpFactor };
    const { to, expectedPerSecond } = decided(of, options);
    return [
      { newParallelism: to, expectedProcessingRate: expectedPerSecond },
      { newParallelism: expected.newParallelism, expectedProcessingRate: expected.expectedProcessingRate },
    ];
  },
  scalingLimitedEvent: (of, expected) => {
    const { to, events } = decided(of, { ...BASE, utilizationTarget: of.utilizationTarget });
    return [
      { to, events },
      { to: expected.newParallelism, events: [expected.event] },
    ];
  },
  jobScalingSet: (of, expected) => {
    const options: AutoscalerOptions = {
      ...BASE,
      utilizationTarget: of.config.utilizationTarget,
      utilizationBoundary: of.config.boundary ?? BASE.utilizationBoundary,
      ...(of.config.utilizationMax !== undefined && { utilizationMax: of.config.utilizationMax }),
      ...(of.config.utilizationMin !== undefined && { utilizationMin: of.config.utilizationMin }),
      restartSeconds: of.restartSec ?? 0,
      catchUpSeconds: of.catchUpSec ?? 0,
      excludedVertexIds: of.excluded ?? [],
    };
    const vertices = Object.entries(of.vertices as Record<string, Fields>);
    const before = (i: number): string[] => vertices.slice(Math.max(0, i - 1), i).map(([id]) => id);
    const plan = planOf(
      vertices.map(([id, { inputShipStrategies }], i) => vertexOf(id, before(i), inputShipStrategies?.[0])),
    );
    const metrics = vertices.map(([id, vertex]) => [id, metricsOf({ ...of, ...vertex }, options)] as const);
    const { applied } = decideJob(plan, new Map(metrics), new Map(), {}, options, 0);
    if (expected.newParallelism !== undefined) return [Object.fromEntries(applied), expected.newParallelism];
    if (expected.scaled !== undefined) return [applied.size > 0, expected.scaled];
    return expected.scaledVertices === undefined
      ? [applied.size, expected.scaledVertexCount]
      : [[...applied.keys()].sort(), expected.scaledVertices];
  },
  memoryPressureGate: (of, expected) => {
    const options = { ...BASE, utilizationTarget: 1, gcPressureMax: of.gcThreshold, heapUsageMax: of.heapThreshold };
    const pressure = { gcPressure: number(of.gcPressureCurrent), heapUsage: number(of.heapUsageAverage) };
    const metrics = new Map([['v', metricsOf(of.vertex, options)]]);
    const { applied, memoryPressure } = decideJob(planOf([vertexOf('v')]), metrics, new Map(), pressure, options, 0);
    return [
      [applied.size > 0, memoryPressure],
      [expected.scaled, expected.event !== null],
    ];
  },
  backlogSequenceStep: (of, expected) => {
    const { utilization } = of;
    const options = {
      ...BASE,
      utilizationTarget: utilization.target,
      utilizationMax: utilization.max,
      utilizationMin: utilization.min,
      catchUpSeconds: of.catchUpSec,
      restartSeconds: of.restartSec,
      backlogLagSeconds: of.backlogThresholdSec,
    };
    const plan = planOf([
      vertexOf('source', [], '', of.parallelism),
      vertexOf('sink', ['source'], 'REBALANCE', of.parallelism),
    ]);
    const records = of.sourceNumRecordsIn as number[];
    const samples = seriesOf(records.map((_, i) => i * of.sampleSpacingMs), {
      source: { recordsIn: records, recordsOut: records, lagRecords: of.pendingRecords, load: of.busyRatioBothVertices },
      sink: { recordsIn: records, load: of.busyRatioBothVertices },
    }); // prettier-ignore
    const { applied } = decideJob(plan, evaluate(plan, samples, options), new Map(), {}, options, 0);
    const after = ['source', 'sink'].map((id) => applied.get(id) ?? of.parallelism);
    return [after, [expected.newParallelismSource, expected.newParallelismSink]];
  },
  endToEndStep: (of, expected) => {
    if (of.busyTpr !== undefined) {
      const observed = of.observedTprSamples.map(Number);
      const samples = seriesOf([...observed.keys()], { v: { observedPerSecond: observed } });
      const options = { ...BASE, observedRateMinObservations: 1 };
      return [trueRate(0, 1, 'v', samples, options), expected.trueProcessingRate];
    }
    const options = {
      ...readAutoscalerOptions({}, '1.15.0'),
      utilizationTarget: of.utilizationTarget,
      utilizationBoundary: of.boundary,
      scaleDownMaxFactor: 1,
      scaleDownIntervalMs: 0,
      restartSeconds: of.restartSec,
    };
    const plan = planOf([vertexOf('source', [], '', of.parallelism)]);
    const load = of.maxBusyMs / 1000;
    const samples = seriesOf([0, of.windowSec * 1000], {
      source: { recordsIn: of.numRecordsIn, lagRecords: [0, 0], load: [load, load] },
    });
    const metrics = evaluate(plan, samples, options);
    const { applied } = decideJob(plan, metrics, new Map(), {}, options, 0);
    const vertex = metrics.get('source');
    const got = {
      targetDataRate: vertex?.targetPerSecond,
      trueProcessingRate: vertex?.truePerSecond,
      scaleDownThreshold: vertex?.scaleDownAbovePerSecond,
      scaleUpThreshold: vertex?.scaleUpBelowPerSecond,
      newParallelism: applied.get('source'),
    };
    return [got, expected];
  },
  delayedScaleDownE2E: (of, expected) => {
    const { rescaleAtMinute, applied } = minutesOfJob(of);
    const { source, sink } = of.config.initialParallelism;
    return [
      { rescaleAtMinute, source: applied?.get('source') ?? source, sink: applied?.get('sink') ?? sink },
      expected,
    ];
  },
};

const MINUTE_MS = 60_000;

/** A job minute by minute, as the autoscaler's loop sees it, until it is rescaled. */
function minutesOfJob(of: Fields): { rescaleAtMinute: number | null; applied?: ReadonlyMap<string, number> } {
  const { config } = of;
  const options: AutoscalerOptions = {
    ...BASE,
    utilizationTarget: config.utilization.target,
    utilizationMax: config.utilization.max,
    utilizationMin: config.utilization.min,
    restartSeconds: config.restartSec,
    vertexMaxParallelism: 10_000,
    scaleDownIntervalMs: config.scaleDownIntervalSec * 1000,
  };
  const { source, sink } = config.initialParallelism;
  const plan: Plan = planOf([
    vertexOf('source', [], '', source, 4000),
    vertexOf('sink', ['source'], config.edge, sink, 4000),
  ]);
  const loadAt = (busyMs: readonly number[], minute: number): number =>
    minute === 0 ? 0.8 : (busyMs[Math.floor((minute - 1) / 10)] ?? NaN) / 1000;
  let memories: ReadonlyMap<string, VertexMemory> = new Map();
  const samples: Sample[] = [];
  for (let minute = 0; minute <= of.sourceBusyMs.length * 10; minute += 1) {
    const nowMs = minute * MINUTE_MS;
    const recordsIn = Math.max(0, minute - 1) * 60 * config.recordsPerSecond;
    const counted = { recordsIn, recordsOut: recordsIn };
    samples.push({
      atMs: nowMs,
      vertices: new Map([
        ['source', { ...counted, lagRecords: 0, load: loadAt(of.sourceBusyMs, minute) }],
        ['sink', { ...counted, load: loadAt(of.sinkBusyMs, minute) }],
      ]),
    });
    const windowMs = config.metricsWindowSec * 1000;
    if (nowMs < windowMs) continue;
    const window = samples.filter(({ atMs }) => atMs >= nowMs - windowMs);
    const { applied, vertices } = decideJob(plan, evaluate(plan, window, options), memories, {}, options, nowMs);
    if (applied.size > 0) return { rescaleAtMinute: minute, applied };
    memories = new Map([...vertices].map(([id, { delay }]) => [id, { history: [], ...(delay && { delay }) }]));
  }
  return { rescaleAtMinute: null };
}

const KINDS = [...new Set(cases.map(({ kind }) => kind))];

describe('as upstream’s own tests of the autoscaler assert, on 1.15.0', () => {
  const differing = (tried: readonly Case[]) =>
    tried.flatMap(({ id, kind, inputs, expected }) => {
      const [got, want] = checks[kind]?.(inputs, expected) ?? ['no check', kind];
      return isDeepStrictEqual(got, want) ? [] : [{ id, got, want }];
    });
  it.each(KINDS)('%s', (wanted) => {
    const wrong = differing(cases.filter(({ kind, id }) => kind === wanted && OF_LATER_CODE[id] === undefined));
    expect(wrong.slice(0, 5)).toEqual([]);
  });
  it('apart from later code', () => {
    const later = differing(cases.filter(({ id }) => OF_LATER_CODE[id] !== undefined));
    expect(later.map(({ id }) => id)).toEqual(Object.keys(OF_LATER_CODE));
  });
  it('all of them', () => {
    expect(cases).toHaveLength(145);
  });
});
