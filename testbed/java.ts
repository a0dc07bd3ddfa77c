import { join } from 'node:path';
import { run } from './run.js';

export interface Jdk {
  java: string;
  javac: string;
  jar: string;
  major: number;
}

const OLDEST_MAJOR = 17;
const ADVICE = `Install a JDK ${OLDEST_MAJOR} or newer (Debian: apt install openjdk-17-jdk-headless) and set JAVA_HOME or PATH.`;

/** Finds a JDK through JAVA_HOME, then PATH. The compiler is needed as well: the fault jobs are Java. */
export async function findJdk(): Promise<Jdk> {
  const home = process.env['JAVA_HOME'];
  const tool = (name: string): string => (home ? join(home, 'bin', name) : name);
  const java = tool('java');
  const version = await run(java, ['-version']).catch(() => undefined);
  if (!version) throw new Error(`Java not found (tried ${java}). ${ADVICE}`);
  const major = parseJavaMajor(version.stderr + version.stdout);
  if (major === undefined || major < OLDEST_MAJOR) {
    throw new Error(`Java ${major ?? 'of an unknown version'} is too old (tried ${java}). ${ADVICE}`);
  }
  const javac = tool('javac');
  if (!(await run(javac, ['-version']).catch(() => undefined))) {
    throw new Error(`Java ${major} is there, but not its compiler (tried ${javac}): this is a JRE. ${ADVICE}`);
  }
  return { java, javac, jar: tool('jar'), major };
}

/** `openjdk version "17.0.15"` and `java version "1.8.0_392"`. */
export function parseJavaMajor(text: string): number | undefined {
  const found = /version "(\d+)(?:\.(\d+))?/.exec(text);
  if (!found) return undefined;
  const [, first, second] = found;
  return Number(first === '1' ? second : first);
}
