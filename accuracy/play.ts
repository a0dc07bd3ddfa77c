import { basename } from 'node:path';
import { replayFile } from '../cli/replay-bundle.js';
import { presentFinding } from '../dashboard/server/present/finding.js';
import { RULES } from '../rules/index.js';
import { faultBeginsAfterS } from '../testbed/play.js';
import { findScenario } from '../testbed/scenarios.js';
import { Trace, type Verdict } from './trace.js';

/** `hot-key-1.20.3.weir.gz`: the scenario, whose label is in the testbed, and the version. */
const NAME = /^(?<scenario>.+)-(?<flink>\d+\.\d+\.\d+)\.weir\.gz$/;
const OPTIONS = { rules: RULES, settings: {}, disabled: [] };

/** Plays a recording as the service would have seen it. Throws when the file cannot be used. */
export async function playBundle(file: string): Promise<Verdict> {
  const { scenario: id, flink } = NAME.exec(basename(file))?.groups ?? {};
  if (id === undefined || flink === undefined)
    throw new Error(`${file}: the name must be SCENARIO-VERSION.weir.gz, such as hot-key-1.20.3.weir.gz`);
  const scenario = findScenario(id);
  const fromFaultMs = faultBeginsAfterS(scenario) * 1000;
  let trace: Trace | undefined;
  const bundle = await replayFile(file, OPTIONS, {
    onRound(reports) {
      for (const { atMs, findings } of reports) {
        trace ??= new Trace(scenario.expect, atMs + fromFaultMs);
        trace.add(
          atMs,
          findings.map((finding) => toJudged(presentFinding(finding, 'en', false))),
        );
      }
    },
    onBug: (error) => {
      throw error;
    },
  });
  if ('problem' in bundle) throw new Error(`${file}: ${bundle.problem}`);
  if (trace === undefined) throw new Error(`${file}: there is no job in it`);
  return trace.verdict(id, flink);
}

/** The part of a finding that labels speak of. */
function toJudged({ rule, severity, state, role, basis, title, subject }: ReturnType<typeof presentFinding>) {
  const { kind, vertexName, subtasks } = subject;
  return {
    rule,
    severity,
    state,
    role,
    basis,
    title,
    subject: {
      kind,
      ...(vertexName === undefined ? {} : { vertexName }),
      ...(subtasks === undefined ? {} : { subtasks: [...subtasks] }),
    },
  };
}
