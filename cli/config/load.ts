import { existsSync, readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import type { AnyRule } from '../../analyzer/engine/rule.js';
import { isAlertSecret } from './alert-secrets.js';
import { problemsOf } from './problems.js';
import { configSchema, type Config } from './schema.js';

/** Bad input from the person who runs Weir: all problems at once, exit 2. */
export class UsageError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
  }
}

export const DEFAULT_CONFIG_FILE = './weir.yaml';

export interface LoadInput {
  /** As given with --config; without it ./weir.yaml is read if it is there. */
  readonly file: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Values of flags, laid over file and environment: flags win. */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly rules: readonly AnyRule[];
}

/** Reads file, environment and flags into one checked configuration, or throws a {@link UsageError} with every problem. */
export function loadConfig({ file, env, flags, rules }: LoadInput): Config {
  const raw = merge(merge(readFile(file), fromEnvironment(env)), flags);
  const parsed = configSchema.safeParse(raw);
  if (!parsed.success) throw new UsageError(problemsOf(parsed.error));
  const problems = [...shardProblems(parsed.data), ...ownerProblems(parsed.data), ...ruleProblems(parsed.data, rules)];
  if (problems.length > 0) throw new UsageError(problems);
  return parsed.data;
}

function readFile(file: string | undefined): unknown {
  const path = file ?? DEFAULT_CONFIG_FILE;
  if (!existsSync(path)) {
    if (file === undefined) return {};
    throw new UsageError([`--config ${file}: no such file`]);
  }
  const document = parseDocument(readFileSync(path, 'utf8'));
  if (document.errors.length > 0) {
    throw new UsageError(document.errors.map((error) => `${path}: ${error.message.split('\n')[0] ?? 'not YAML'}`));
  }
  const value: unknown = document.toJS() ?? {};
  if (!isObject(value))
    throw new UsageError([`${path}: must be keys and values, such as server: { listen: 127.0.0.1:8080 }`]);
  return value;
}

/** `WEIR_COLLECT_INTERVAL=15s` sets collect.interval. Only scalars: lists and secrets have files. */
const ENVIRONMENT: Readonly<Record<string, readonly [string, ...string[]]>> = {
  WEIR_SERVER_LISTEN: ['server', 'listen'],
  WEIR_SERVER_TOKEN_FILE: ['server', 'tokenFile'],
  WEIR_SERVER_INSECURE: ['server', 'insecure'],
  WEIR_SERVER_BASE_PATH: ['server', 'basePath'],
  WEIR_SERVER_PUBLIC_URL: ['server', 'publicUrl'],
  WEIR_COLLECT_INTERVAL: ['collect', 'interval'],
  WEIR_COLLECT_MAX_REQUESTS_PER_SECOND: ['collect', 'maxRequestsPerSecond'],
  WEIR_COLLECT_TIMEOUT: ['collect', 'timeout'],
  WEIR_STORE_KIND: ['store', 'kind'],
  WEIR_STORE_DIR: ['store', 'dir'],
  WEIR_STORE_RETENTION_RAW: ['store', 'retention', 'raw'],
  WEIR_STORE_RETENTION_ROLLUP: ['store', 'retention', 'rollup'],
  WEIR_SHARD_INDEX: ['shard', 'index'],
  WEIR_SHARD_COUNT: ['shard', 'count'],
  WEIR_STORE_URL: ['store', 'url'],
  WEIR_STORE_DATABASE: ['store', 'database'],
  WEIR_STORE_USERNAME: ['store', 'username'],
  WEIR_STORE_PASSWORD_FILE: ['store', 'passwordFile'],
  WEIR_STORE_MAX_BYTES: ['store', 'maxBytes'],
  WEIR_STORE_MIN_FREE_BYTES: ['store', 'minFreeBytes'],
  WEIR_STORE_RECORDINGS_MAX_BYTES: ['store', 'recordings', 'maxBytes'],
  WEIR_STORE_RECORDINGS_MAX_TASKS: ['store', 'recordings', 'maxTasks'],
  WEIR_REPORTS_SCHEDULE: ['reports', 'schedule'],
  WEIR_REPORTS_TIME_ZONE: ['reports', 'timeZone'],
  WEIR_REPORTS_LANGUAGE: ['reports', 'language'],
  WEIR_COST_PER_CORE_HOUR: ['cost', 'perCoreHour'],
  WEIR_COST_PER_GB_HOUR: ['cost', 'perGbHour'],
  WEIR_COST_CURRENCY: ['cost', 'currency'],
};

/** Not configuration keys, but Weir's own all the same. */
const OTHER_VARIABLES = new Set(['WEIR_TOKEN', 'WEIR_TESTBED_DIR', 'WEIR_LOG_LEVEL']);

function fromEnvironment(env: LoadInput['env']): unknown {
  const unknown = Object.keys(env).filter(
    (name) => name.startsWith('WEIR_') && !(name in ENVIRONMENT) && !OTHER_VARIABLES.has(name) && !isAlertSecret(name),
  );
  if (unknown.length > 0) throw new UsageError(unknown.map((name) => `${name}: unknown environment variable`));
  return Object.entries(ENVIRONMENT).reduce<unknown>((config, [name, path]) => {
    const value = env[name];
    return value === undefined ? config : merge(config, nest(path, scalar(value)));
  }, {});
}

function scalar(value: string): unknown {
  if (value === 'true' || value === 'false') return value === 'true';
  return /^\d+(\.\d+)?$/.test(value) ? Number(value) : value;
}

function nest(path: readonly string[], value: unknown): unknown {
  return path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
}

/** Objects are merged key by key; anything else of the upper layer replaces the lower one. */
function merge(lower: unknown, upper: unknown): unknown {
  if (!isObject(lower) || !isObject(upper)) return upper ?? lower;
  const keys = new Set([...Object.keys(lower), ...Object.keys(upper)]);
  return Object.fromEntries([...keys].map((key) => [key, key in upper ? merge(lower[key], upper[key]) : lower[key]]));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shardProblems({ shard, store }: Config): string[] {
  if (shard.count === 1 || store.kind === 'influx' || store.kind === 'victoriametrics') return [];
  return ['shard.count: several processes need a store that they share (store.kind influx or victoriametrics)'];
}

/** A mail to an owner whom no cluster has would never come; what discovery finds is not known yet. */
function ownerProblems({ clusters, discovery, reports }: Config): string[] {
  if (discovery.files.length > 0 || discovery.kubernetes !== undefined || discovery.yarn !== undefined) return [];
  const owners = new Set(clusters.map(({ owner }) => owner));
  return Object.keys(reports.owners)
    .filter((owner) => !owners.has(owner))
    .map((owner) => `reports.owners.${owner}: no cluster has this owner; name it under clusters, as owner`);
}

function ruleProblems({ rules: config }: Config, rules: readonly AnyRule[]): string[] {
  const known = new Map(rules.map((rule) => [rule.id, rule]));
  const ids = (path: string, list: readonly string[]): string[] =>
    list.filter((id) => !known.has(id)).map((id) => `${path}: there is no rule "${id}"`);
  const options = (path: string, values: Config['rules']['options']): string[] =>
    Object.entries(values).flatMap(([id, given]) => {
      const rule = known.get(id);
      if (rule === undefined) return [`${path}.${id}: there is no such rule`];
      return Object.keys(given)
        .filter((name) => !(name in rule.options))
        .map(
          (name) =>
            `${path}.${id}.${name}: the rule has no such option (it has: ${Object.keys(rule.options).join(', ') || 'none'})`,
        );
    });
  return [
    ...ids('rules.disable', config.disable),
    ...options('rules.options', config.options),
    ...config.overrides.flatMap((override, i) => [
      ...ids(`rules.overrides.${i}.disable`, override.disable),
      ...options(`rules.overrides.${i}.options`, override.options),
    ]),
  ];
}
