import type { Jdk } from '../java.js';
import { mustRun } from '../run.js';
import { classpath, jvmOpens } from './classpath.js';
import type { FlinkDist } from './download.js';

export interface MemoryFlags {
  /** `-Xmx…` and the like. */
  jvm: string[];
  /** `-D key=value …`, the derived sizes, given to the process behind its class. */
  dynamic: string[];
}

const MARK = 'BASH_JAVA_UTILS_EXEC_RESULT:';

/** Asks Flink itself, as its start scripts do, which memory flags a process gets under a configuration. */
export async function memoryFlags(
  dist: FlinkDist,
  jdk: Jdk,
  confDir: string,
  component: 'taskmanager' | 'jobmanager',
): Promise<MemoryFlags> {
  const command = component === 'taskmanager' ? 'GET_TM_RESOURCE_PARAMS' : 'GET_JM_RESOURCE_PARAMS';
  const main = 'org.apache.flink.runtime.util.bash.BashJavaUtils';
  const args = [...jvmOpens, '-cp', classpath(dist, dist.bashJavaUtils), main, command, '--configDir', confDir];
  const output = await mustRun(jdk.java, args, `computing the ${component}'s memory from ${confDir}`);
  return parseMemoryFlags(output);
}

/** The helper logs freely; its two answers are the lines with the mark. */
export function parseMemoryFlags(output: string): MemoryFlags {
  const answers = output.split('\n').flatMap((line) => (line.includes(MARK) ? [line.split(MARK)[1] ?? ''] : []));
  const [jvm, dynamic] = answers;
  if (jvm === undefined || dynamic === undefined) {
    throw new Error(`Flink's memory helper printed ${answers.length} answers instead of 2:\n${output.slice(-2000)}`);
  }
  return { jvm: words(jvm), dynamic: words(dynamic) };
}

function words(line: string): string[] {
  return line.trim().split(/\s+/).filter(Boolean);
}
