import type { FlinkVersion } from '../../collector/model/index.js';
import type { Change, Diffs } from '../engine/recommendation.js';

/** Flink reads `config.yaml` from 1.19 and only that from 2.0; `flink-conf.yaml` ended with 1.20. */
const hasConfigYaml = (version: FlinkVersion | undefined): boolean =>
  version === undefined || version.major > 1 || version.minor >= 19;
const hasFlinkConf = (version: FlinkVersion | undefined): boolean => version === undefined || version.major === 1;
/** `pipeline.jobvertex-parallelism-overrides` came with 1.17. */
const hasOverrides = (version: FlinkVersion | undefined): boolean =>
  version === undefined || version.major > 1 || version.minor >= 17;

export interface RenderContext {
  readonly flinkVersion?: FlinkVersion;
  /** Parallelism of every vertex: the REST body must name them all. */
  readonly vertices: readonly { readonly vertexId: string; readonly parallelism: number }[];
  /** True where the job runs under the adaptive scheduler: only then Flink takes new requirements in place. */
  readonly adaptive: boolean;
  readonly jobId: string;
}

/** The same change as lines of each place where a person may set it. Removed lines carry `-`, added ones `+`. */
export function renderDiffs(changes: readonly Change[], context: RenderContext): Diffs {
  const options = [...optionChanges(changes), ...overrideChange(changes, context)];
  const lines = options.flatMap(({ key, from, to }) => [
    ...(from === null ? [] : [`- ${key}: ${quoted(from)}`]),
    `+ ${key}: ${quoted(to)}`,
  ]);
  const sets = options.map(({ key, to }) => `SET '${key}' = '${to}';`);
  const jobOptions = options.filter(({ key }) => !/^(taskmanager|jobmanager)\./.test(key));
  const rest = context.adaptive ? resourceRequirements(changes, context) : undefined;
  return {
    ...(lines.length > 0 && hasConfigYaml(context.flinkVersion) ? { 'config.yaml': lines.join('\n') } : {}),
    ...(lines.length > 0 && hasFlinkConf(context.flinkVersion) ? { 'flink-conf.yaml': lines.join('\n') } : {}),
    ...(options.length > 0 ? { FlinkDeployment: flinkDeployment(options) } : {}),
    ...(options.length > 0
      ? { cli: options.map(({ key, to }) => `-D ${key}=${shellQuoted(String(to))}`).join(' \\\n') }
      : {}),
    ...(jobOptions.length > 0 && jobOptions.length === options.length ? { sql: sets.join('\n') } : {}),
    ...(rest === undefined ? {} : { rest }),
  };
}

interface OptionChange {
  readonly key: string;
  readonly from: string | number | null;
  readonly to: string | number;
}

function optionChanges(changes: readonly Change[]): OptionChange[] {
  return changes.flatMap(({ key, from, to }) => (key === undefined ? [] : [{ key, from, to }]));
}

function overrideChange(changes: readonly Change[], context: RenderContext): OptionChange[] {
  const overrides = parallelismChanges(changes).map(({ vertexId, to }) => `${vertexId}:${to}`);
  return overrides.length === 0 || !hasOverrides(context.flinkVersion)
    ? []
    : [{ key: 'pipeline.jobvertex-parallelism-overrides', from: null, to: overrides.join(',') }];
}

function parallelismChanges(changes: readonly Change[]): { vertexId: string; to: string | number }[] {
  return changes.flatMap(({ scope, vertexId, unit, to }) =>
    scope === 'vertex' && vertexId !== undefined && unit === 'subtasks' ? [{ vertexId, to }] : [],
  );
}

function flinkDeployment(options: readonly OptionChange[]): string {
  return ['spec:', '  flinkConfiguration:', ...options.map(({ key, to }) => `    ${key}: "${to}"`)].join('\n');
}

/** `PUT /jobs/:id/resource-requirements` takes every vertex; the lower bound stays 1, because 0 free slots would stop the job. */
function resourceRequirements(changes: readonly Change[], context: RenderContext): string | undefined {
  const wanted = new Map(parallelismChanges(changes).map(({ vertexId, to }) => [vertexId, Number(to)]));
  if (wanted.size === 0) return undefined;
  const body = Object.fromEntries(
    context.vertices.map(({ vertexId, parallelism }) => [
      vertexId,
      { parallelism: { lowerBound: 1, upperBound: wanted.get(vertexId) ?? parallelism } },
    ]),
  );
  return `PUT /jobs/${context.jobId}/resource-requirements\n${JSON.stringify(body, undefined, 2)}`;
}

/** YAML reads `a: b:4,c:5` as a string only when quoted. */
function quoted(value: string | number): string {
  return /[:,#{}[\]]/.test(String(value)) ? `'${value}'` : String(value);
}

/** Values come from options and Flink's own ids, but a shell line must stand up to any of them. */
function shellQuoted(value: string): string {
  return /^[\w.:,/-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}
