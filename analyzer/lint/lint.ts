import type { FlinkVersion } from '../../collector/model/index.js';
import { checkDrift } from './drift.js';
import { checkFile } from './check-file.js';
import { checkKeys } from './check-keys.js';
import { checkMemory } from './check-memory.js';
import { checkSettings } from './check-settings.js';
import { checkReadiness } from './readiness.js';
import type { LintProblem, NotJudged } from './problem.js';
import type { Settings } from './settings.js';

/** What lint says of the options of one file or object. */
export interface LintReport {
  readonly problems: readonly LintProblem[];
  readonly notJudged: readonly NotJudged[];
}

const RANK = { critical: 0, warning: 1, info: 2 } as const;

/**
 * Audits the options of a file against the Flink that will run it: keys, values, memory, checkpoints and restarts, readiness, drift. Ordered by
 * severity, then by line. A file that cannot be read as its kind has only that problem.
 */
export function lint(file: Settings, version: FlinkVersion, template?: Settings): LintReport {
  const ofFile = checkFile(file, version);
  if (ofFile.some(({ rule }) => rule === 'not-yaml')) return { problems: ofFile, notJudged: [] };
  const keys = checkKeys(file.settings, version);
  const isOperator = file.kind === 'FlinkDeployment' || file.kind === 'FlinkSessionJob';
  const problems = [
    ...ofFile,
    ...keys.problems,
    ...checkMemory(file, version, isOperator ? 'container' : 'standalone'),
    ...checkSettings(file, version),
    ...checkReadiness(file, version),
    ...(template === undefined ? [] : checkDrift(file, template)),
  ];
  return {
    problems: problems.sort((a, b) => RANK[a.severity] - RANK[b.severity] || a.line - b.line),
    notJudged: keys.notJudged,
  };
}
