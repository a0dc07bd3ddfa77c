import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { z } from 'zod';
import { readSettings } from '../analyzer/lint/read-settings.js';
import { asConfiguration, type Settings } from '../analyzer/lint/settings.js';
import { jobManagerMemory, taskManagerMemory } from '../analyzer/tuning/memory/memory.js';
import type { Configuration } from '../analyzer/tuning/values/configuration.js';
import type { Deployment } from '../analyzer/tuning/memory/options.js';
import { refusedOf, type Attempt } from '../analyzer/tuning/values/refusal.js';
import { bytes, inLanguage, text, type Text } from '../analyzer/text.js';
import { parseFlinkVersion } from '../collector/index.js';
import type { FlinkVersion } from '../collector/model/index.js';
import { collect } from './access-flags.js';
import { batchId, runBatch, type BatchInput } from './batch.js';
import { UsageError } from './config/load.js';
import { problemsOf } from './config/problems.js';
import { checkedLanguage, flinkVersionFrom } from './plain-flags.js';

type Component = 'taskmanager' | 'jobmanager';
/** Sizes in bytes in the order people read them; `null` = the flag is not set. */
type Sizes = Readonly<Record<string, bigint | null>>;

interface MemoryFlags {
  readonly set: readonly string[];
  readonly flink?: string;
  readonly component: string;
  readonly deployment?: string;
  readonly batch?: boolean;
  readonly format: string;
  readonly lang: string;
}

export function addMemory(program: Command): void {
  program
    .command('memory [file]')
    .description('memory of a TaskManager or JobManager by Flink’s own model, to the byte, or Flink’s error')
    .option('--set <key=value>', 'an option, over those of the file (repeat for more)', collect, [])
    .option('--flink <version>', 'the Flink that will run it, such as 1.20')
    .option('--component <component>', 'taskmanager or jobmanager', 'taskmanager')
    .option(
      '--deployment <where>',
      'standalone or container (Kubernetes, YARN): what heap options of old mean; a FlinkDeployment is a container',
    )
    .option('--batch', 'answer one JSON object per line of standard input')
    .option('--format <format>', 'text or json', 'text')
    .option('--lang <language>', 'en or zh-CN', 'en')
    .action(async (file: string | undefined, flags: MemoryFlags) => {
      if (flags.batch === true) await runBatch(process.stdin, process.stdout, answerMemory);
      else process.exitCode = memory(file, flags);
    });
}

function memory(file: string | undefined, flags: MemoryFlags): number {
  const { component, format } = flags;
  const language = checkedLanguage(flags.lang);
  if (format !== 'text' && format !== 'json') throw new UsageError([`--format ${format}: must be text or json`]);
  if (component !== 'taskmanager' && component !== 'jobmanager')
    throw new UsageError([`--component ${component}: must be taskmanager or jobmanager`]);
  const read = file === undefined ? undefined : settingsOf(file);
  const version = versionOf(flags.flink, read);
  const deployment = deploymentOf(flags.deployment, read);
  const configuration = { ...(read === undefined ? {} : asConfiguration(read)), ...fromSet(flags.set) };
  const answer = memoryOf(component, configuration, version, deployment);
  if (!answer.ok) {
    if (format === 'json') process.stdout.write(`${refusalJson({}, answer)}\n`);
    else process.stderr.write(`weir: Flink ${version.text} refuses this: ${told(answer)}\n`);
    return 1;
  }
  const lines = render(component, version, answer.value.sizes);
  process.stdout.write(
    format === 'json'
      ? `${answerJson({}, answer.value)}\n`
      : `${lines.map((line) => inLanguage(line, language)).join('\n')}\n`,
  );
  return 0;
}

function settingsOf(file: string): Settings {
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError([`${file}: ${error instanceof Error ? error.message : String(error)}`]);
  }
  const all = readSettings(file, content);
  const [only] = all;
  if (only === undefined) throw new UsageError([`${file}: sets no options of Flink`]);
  const syntax = only.problems.find(({ what }) => what === 'syntax');
  if (syntax !== undefined) throw new UsageError([`${file}:${syntax.line}: ${syntax.detail ?? 'not YAML'}`]);
  if (all.length > 1)
    throw new UsageError([`${file}: holds ${all.length} configurations; give one of them in a file of its own`]);
  return only;
}

function versionOf(flag: string | undefined, read: Settings | undefined): FlinkVersion {
  if (flag !== undefined) return flinkVersionFrom(flag);
  if (read?.flinkVersion !== undefined) return read.flinkVersion;
  throw new UsageError(['--flink is missing: the version that will run it, such as --flink 1.20']);
}

function deploymentOf(flag: string | undefined, read: Settings | undefined): Deployment {
  if (flag === 'standalone' || flag === 'container') return flag;
  if (flag !== undefined) throw new UsageError([`--deployment ${flag}: must be standalone or container`]);
  return read?.kind === 'FlinkDeployment' ? 'container' : 'standalone';
}

function fromSet(pairs: readonly string[]): Configuration {
  const bad = pairs.filter((pair) => !/^[^=\s]+=/.test(pair));
  if (bad.length > 0) throw new UsageError(bad.map((pair) => `--set ${pair}: must be key=value`));
  return Object.fromEntries(
    pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)] as const),
  );
}

interface Memory {
  readonly sizes: Sizes;
  readonly slots?: number;
}

function memoryOf(
  component: Component,
  configuration: Configuration,
  version: FlinkVersion,
  deployment: Deployment,
): Attempt<Memory> {
  if (component === 'jobmanager') {
    const answer = jobManagerMemory(configuration, version, deployment);
    return answer.ok ? { ok: true, value: { sizes: { ...answer.value } } } : answer;
  }
  const answer = taskManagerMemory(configuration, version, deployment);
  return answer.ok ? { ok: true, value: { sizes: { ...answer.value.memory }, slots: answer.value.slots } } : answer;
}

const lineSchema = z.object({
  flink: z.string().regex(/\d+\.\d+/, 'must be a version such as 1.20.3'),
  component: z.enum(['taskmanager', 'jobmanager']).default('taskmanager'),
  deployment: z.enum(['standalone', 'container']).default('standalone'),
  config: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String)).default({}),
});

/** `{"id","flink","component","deployment","config"}` → `{"id","ok":true,"memory":{…}}` or Flink's own message. */
export function answerMemory(input: BatchInput): string {
  const id = batchId(input);
  const line = lineSchema.safeParse(input);
  if (!line.success) return JSON.stringify({ id, ok: false, error: problemsOf(line.error, 'line').join('; ') });
  const { flink, component, deployment, config } = line.data;
  const answer = memoryOf(component, config, parseFlinkVersion(flink), deployment);
  return answer.ok ? answerJson({ id }, answer.value) : refusalJson({ id }, answer);
}

/** Sizes may lie beyond 2^53, where a JavaScript number would round them: their digits are written as they are. */
function answerJson(head: object, { sizes, slots }: Memory): string {
  const fields = Object.entries(sizes).map(
    ([name, size]) => `${JSON.stringify(name)}:${size === null ? 'null' : size}`,
  );
  const start = JSON.stringify({ ...head, ok: true, ...(slots === undefined || slots === 1 ? {} : { slots }) });
  return `${start.slice(0, -1)},"memory":{${fields.join(',')}}}`;
}

/** `error` is Flink's sentence; `errors` the exceptions with their classes, the root cause last. */
function refusalJson(head: object, refusal: Extract<Attempt<unknown>, { ok: false }>): string {
  return JSON.stringify({ ...head, ok: false, error: refusedOf(refusal), errors: refusal.refused });
}

const told = ({ refused }: Extract<Attempt<unknown>, { ok: false }>): string =>
  refused.map(([, message]) => message).join(' Because: ');

const NAMES: Readonly<Record<string, Text>> = {
  heap: text('heap', '堆'),
  offHeap: text('off-heap', '堆外'),
  frameworkHeap: text('framework heap', '框架堆'),
  taskHeap: text('task heap', '任务堆'),
  frameworkOffHeap: text('framework off-heap', '框架堆外'),
  taskOffHeap: text('task off-heap', '任务堆外'),
  network: text('network', '网络'),
  managed: text('managed', '托管'),
  metaspace: text('JVM metaspace', 'JVM 元空间'),
  overhead: text('JVM overhead', 'JVM 开销'),
  flink: text('Flink in all', 'Flink 合计'),
  process: text('process', '进程合计'),
};

const JVM_FLAGS: Readonly<Record<string, string>> = {
  xmx: '-Xmx',
  xms: '-Xms',
  maxDirect: '-XX:MaxDirectMemorySize=',
  maxMetaspace: '-XX:MaxMetaspaceSize=',
};

function render(component: Component, version: FlinkVersion, sizes: Sizes): readonly Text[] {
  const row = (name: string, size: string, exact: string): string =>
    `  ${name.padEnd(20)}${size.padStart(10)}${exact.padStart(22)}`;
  const rows = Object.entries(NAMES).flatMap(([field, name]) => {
    const size = sizes[field];
    if (size === undefined || size === null) return [];
    return [
      text(row(name.en, bytes(Number(size)), String(size)), row(name['zh-CN'], bytes(Number(size)), String(size))),
    ];
  });
  const flags = Object.entries(JVM_FLAGS).flatMap(([field, flag]) => {
    const size = sizes[field];
    return size === undefined || size === null ? [] : [`${flag}${size}`];
  });
  const who = component === 'taskmanager' ? 'TaskManager' : 'JobManager';
  return [
    text(`${who}, Flink ${version.text}`, `${who}，Flink ${version.text}`),
    text(row('', 'size', 'bytes'), row('', '大小', '字节')),
    ...rows,
    text(`JVM: ${flags.join(' ')}`, `JVM：${flags.join(' ')}`),
  ];
}
