import { describe, expect, it } from 'vitest';
import { RULES } from '../../rules/index.js';
import { JobSim } from '../../sim/model/job-sim.js';
import type { JobSpec } from '../../sim/model/spec.js';
import { operatorsOf } from '../../testbed/suite/judge.js';
import { createDraw } from './draw.js';
import { HEAD_START_MS } from './fault.js';
import { drawHealthyDay } from './healthy.js';
import { FAULT_KINDS } from './kinds.js';
import { playFault } from './play-fault.js';

const SEEDS = [0, 1, 2, 3, 4];
const subtasksOf = ({ vertices }: JobSpec): number => vertices.reduce((sum, { parallelism }) => sum + parallelism, 0);

describe.each(FAULT_KINDS)('$id', (kind) => {
  const drawn = SEEDS.map((seed) => kind.draw(createDraw(seed, kind.id), `${kind.id}-${seed}`));

  it('is the same job for the same seed, and another for another', () => {
    expect(kind.draw(createDraw(3, kind.id), `${kind.id}-3`)).toEqual(drawn[3]);
    expect(drawn[3]).not.toEqual(drawn[4]);
  });

  it('expects one rule of the rule book, on an operator and subtasks that the job has', () => {
    expect(RULES.map(({ id }) => id)).toContain(kind.rule);
    for (const { spec, expect: expected } of drawn) {
      expect(expected.rule).toBe(kind.rule);
      if (expected.operator === undefined) continue;
      const vertex = spec.vertices.find(({ name }) => operatorsOf(name).includes(expected.operator ?? ''));
      expect(vertex).toBeDefined();
      for (const subtask of expected.subtasks ?? []) expect(subtask).toBeLessThan(vertex?.parallelism ?? 0);
    }
  });

  it('has 3–60 vertices in the order of the flow, 4–500 subtasks and a slot for each', () => {
    for (const { spec } of drawn) {
      expect(spec.vertices.length).toBeGreaterThanOrEqual(3);
      expect(spec.vertices.length).toBeLessThanOrEqual(60);
      expect(subtasksOf(spec)).toBeGreaterThanOrEqual(4);
      expect(subtasksOf(spec)).toBeLessThanOrEqual(500);
      const at = (name: string): number => spec.vertices.findIndex((vertex) => vertex.name === name);
      for (const { from, to } of spec.edges) expect(at(from)).toBeLessThan(at(to));
      const widest = Math.max(...spec.vertices.map(({ parallelism }) => parallelism));
      expect(spec.taskManagers.count * spec.taskManagers.slots).toBeGreaterThanOrEqual(widest);
    }
  });
});

describe('a fault that begins with the watch', () => {
  it('finds a job that is well: nothing waits at a source', () => {
    for (const kind of FAULT_KINDS) {
      const { spec } = kind.draw(createDraw(1, kind.id), `${kind.id}-1`);
      if (spec.turns === undefined) continue;
      const sim = new JobSim(spec, 0);
      for (let nowMs = 1000; nowMs < HEAD_START_MS; nowMs += 1000) sim.step(nowMs);
      for (const { spec: vertex, subtasks } of sim.vertices) {
        const seconds = (vertex.source?.recordsPerSecond ?? Infinity) * 5;
        expect(subtasks.reduce((sum, { pending }) => sum + pending, 0)).toBeLessThan(seconds);
      }
    }
  });
});

describe('a healthy day', () => {
  it('leaves every subtask some of its time at the peak of the day, bursts and all', () => {
    for (const seed of SEEDS) {
      const spec = drawHealthyDay(createDraw(seed, 'healthy'), `healthy-${seed}`);
      const sim = new JobSim(spec, 0);
      const stepMs = spec.stepMs ?? 1000;
      for (let nowMs = stepMs; nowMs <= 12 * 3_600_000; nowMs += stepMs) sim.step(nowMs);
      for (const { subtasks } of sim.vertices)
        for (const { busyMs } of subtasks) expect(busyMs / (12 * 3_600_000)).toBeLessThan(0.95);
    }
  });
});

describe('a played seed', () => {
  it('is judged by the service’s own collector and rules', async () => {
    const hotKey = FAULT_KINDS.find(({ id }) => id === 'hot-key');
    if (hotKey === undefined) throw new Error('there is no kind hot-key');
    expect(await playFault(hotKey, 0)).toMatchObject({ isFirst: true, isPlaceFound: true, wrong: [] });
  });
});
