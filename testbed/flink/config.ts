import { join } from 'node:path';
import type { FlinkRelease } from '../versions.js';

export type FlinkConfig = Readonly<Record<string, string>>;

export interface ConfigInput {
  workDir: string;
  restPort: number;
  rpcPort: number;
  slotsPerTaskManager: number;
  taskManagerProcessMemory: string;
  extra: FlinkConfig;
}

/** Sizes for a small shared machine; every process listens on the loopback interface only. */
export function clusterConfig(input: ConfigInput): FlinkConfig {
  return {
    'jobmanager.rpc.address': '127.0.0.1',
    'jobmanager.rpc.port': String(input.rpcPort),
    'jobmanager.bind-host': '127.0.0.1',
    'jobmanager.memory.process.size': '1024m',
    'rest.address': '127.0.0.1',
    'rest.bind-address': '127.0.0.1',
    'rest.port': String(input.restPort),
    'taskmanager.host': '127.0.0.1',
    'taskmanager.bind-host': '127.0.0.1',
    'taskmanager.numberOfTaskSlots': String(input.slotsPerTaskManager),
    ...processMemory(input),
    'io.tmp.dirs': join(input.workDir, 'tmp'),
    'state.checkpoints.dir': `file://${join(input.workDir, 'checkpoints')}`,
    'execution.checkpointing.interval': '10 s',
    // A slow start on a busy machine makes the first checkpoints fail; that is no fault to be found.
    'execution.checkpointing.tolerable-failed-checkpoints': '100',
    // Starting several JVMs on two cores takes its time; the default of 10 s ended JobManagers. `akka` up to 1.17.
    'pekko.ask.timeout': '60 s',
    'pekko.startup-timeout': '120 s',
    'akka.ask.timeout': '60 s',
    'akka.startup-timeout': '120 s',
    // Without jitter and back-off, so that failures come on schedule.
    'restart-strategy.type': 'fixed-delay',
    'restart-strategy.fixed-delay.attempts': '1000000',
    'restart-strategy.fixed-delay.delay': '1 s',
    ...input.extra,
  };
}

/** A scenario that sets single memory components must not also get a total that contradicts them. */
function processMemory(input: ConfigInput): FlinkConfig {
  if ('taskmanager.memory.task.heap.size' in input.extra) return {};
  return { 'taskmanager.memory.process.size': input.taskManagerProcessMemory };
}

/** One flat key per line is valid in both files; the new one is YAML, so odd characters need quotes. */
export function renderConfig(config: FlinkConfig, file: FlinkRelease['configFile']): string {
  const lines = Object.entries(config).map(([key, value]) => {
    if (/[\n\r]/.test(value)) throw new Error(`config value of ${key} has a line break`);
    return file === 'config.yaml' ? `${key}: ${JSON.stringify(value)}` : `${key}: ${value}`;
  });
  return lines.join('\n') + '\n';
}

/** Logs to standard output, which the testbed sends to a file. */
export const log4jProperties = `rootLogger.level = INFO
rootLogger.appenderRef.console.ref = Console
appender.console.name = Console
appender.console.type = CONSOLE
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{HH:mm:ss,SSS} %-5p %-60c %x - %m%n
`;
