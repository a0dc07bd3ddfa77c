import type { Scenario } from './scenario.js';
import { backpressureScenarios } from './scenarios/backpressure.js';
import { capacityScenarios } from './scenarios/capacity.js';
import { checkpointScenarios } from './scenarios/checkpoint.js';
import { eventTimeScenarios } from './scenarios/event-time.js';
import { healthyScenarios } from './scenarios/healthy.js';
import { memoryScenarios } from './scenarios/memory.js';
import { skewScenarios } from './scenarios/skew.js';
import { stabilityScenarios } from './scenarios/stability.js';
import { stateScenarios } from './scenarios/state.js';
import { wideScenarios } from './scenarios/wide.js';

export const scenarios: readonly Scenario[] = [
  ...backpressureScenarios,
  ...skewScenarios,
  ...memoryScenarios,
  ...checkpointScenarios,
  ...stateScenarios,
  ...stabilityScenarios,
  ...capacityScenarios,
  ...eventTimeScenarios,
  ...healthyScenarios,
  ...wideScenarios,
];

export function findScenario(id: string): Scenario {
  const found = scenarios.find((scenario) => scenario.id === id);
  if (!found) throw new Error(`no scenario '${id}'. Known: ${scenarios.map((s) => s.id).join(', ')}`);
  return found;
}
