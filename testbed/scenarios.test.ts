import { describe, expect, it } from 'vitest';
import type { Scenario } from './scenario.js';
import { findScenario, scenarios } from './scenarios.js';

/** What a scenario can get wrong without anyone noticing before a cluster has run for minutes. */
describe.each(scenarios.map((s) => [s.id, s] as const))('scenario %s', (_, scenario) => {
  const byName = new Map(scenario.graph.map((node) => [node.name, node]));

  it('has a kebab-case id and operators with names of their own', () => {
    expect(scenario.id).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(byName.size).toBe(scenario.graph.length);
  });

  it('reads only from operators before it, forward only between equals', () => {
    scenario.graph.forEach((node, index) => {
      for (const input of node.inputs) {
        const [from = '', how] = input.split(':');
        const before = scenario.graph.slice(0, index).find((n) => n.name === from);
        expect(before, `${node.name} reads ${from}`).toBeDefined();
        expect(['forward', 'rebalance', 'hash']).toContain(how);
        if (how === 'forward') expect(node.settings.p).toBe(before?.settings.p);
      }
    });
  });

  it('has the slots it needs, and lacks them only where that is the fault', () => {
    expect(slotsOf(scenario) >= Math.max(...scenario.graph.map((node) => node.settings.p))).toBe(
      scenario.expect.rule !== 'slots-unavailable',
    );
  });

  it('blames an operator and subtasks that exist', () => {
    const { operator, subtasks = [] } = scenario.expect;
    const blamed = operator === undefined ? undefined : byName.get(operator);
    if (operator !== undefined) expect(blamed).toBeDefined();
    for (const subtask of subtasks) expect(subtask).toBeLessThan(blamed?.settings.p ?? 0);
  });
});

function slotsOf({ cluster = {} }: Scenario): number {
  return (cluster.taskManagers ?? 2) * (cluster.slotsPerTaskManager ?? 2);
}

describe('the table', () => {
  it('has every id once', () => {
    expect(new Set(scenarios.map((s) => s.id)).size).toBe(scenarios.length);
  });

  it('names what it knows when asked for something else', () => {
    expect(() => findScenario('nope')).toThrow(/no scenario 'nope'.*slow-sink/);
  });

  it('knows from the key-group formula which subtasks are overloaded', () => {
    expect(findScenario('hot-key').expect.subtasks).toEqual([2]);
    expect(findScenario('key-groups').expect.subtasks).toEqual([0, 3]);
  });
});
