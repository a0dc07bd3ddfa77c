import type { Scenario } from '../scenario.js';
import { findScenario, scenarios } from '../scenarios.js';
import { findRelease, releases, type FlinkRelease } from '../versions.js';

export interface Choice {
  scenario: Scenario;
  release: FlinkRelease;
}

export interface Wanted {
  all: boolean;
  /** Every release of the table, with the scenarios that have every kind of page read. */
  allVersions?: boolean;
  flink?: readonly string[];
  scenarios?: readonly string[];
}

/** One of each kind of trouble in twelve minutes: waiting, skew, memory, checkpoints, stability, and nothing at all. */
const FIXED: Readonly<Record<string, readonly string[]>> = {
  '1.17': ['slow-sink'],
  '1.20': ['healthy-keyed', 'slow-sink', 'hot-key', 'restart-loop', 'gc-pressure'],
  '2.3': ['slow-lookup', 'slow-snapshot', 'too-few-slots'],
};
const USUAL_LINES = ['1.20', '2.3'];

/** Between them they have every page read that Weir knows: load, checkpoints, configuration, exceptions, restarts. */
const CONTRACT = ['slow-lookup', 'restart-loop'];

export function choose(wanted: Wanted): Choice[] {
  const lines = wanted.flink ?? (wanted.allVersions === true ? releases.map(({ line }) => line) : USUAL_LINES);
  const chosen = lines
    .map(findRelease)
    .flatMap((release) => scenariosFor(wanted, release).map((scenario) => ({ scenario, release })));
  if (chosen.length === 0)
    throw new Error('nothing chosen: name a scenario or a Flink version that has a fixed choice.');
  return chosen;
}

/** In the order of the table of releases. */
function isIn({ untilLine }: Scenario, release: FlinkRelease): boolean {
  return untilLine === undefined || releases.indexOf(release) <= releases.indexOf(findRelease(untilLine));
}

function scenariosFor(wanted: Wanted, release: FlinkRelease): readonly Scenario[] {
  if (wanted.scenarios) return wanted.scenarios.map(findScenario);
  if (wanted.allVersions === true) return CONTRACT.map(findScenario);
  return wanted.all
    ? scenarios.filter((scenario) => scenario.planned === undefined && isIn(scenario, release))
    : (FIXED[release.line] ?? []).map(findScenario);
}
