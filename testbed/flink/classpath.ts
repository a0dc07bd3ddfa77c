import type { FlinkDist } from './download.js';

/** A JVM expands the star itself. */
export function classpath(dist: FlinkDist, ...more: string[]): string {
  return [`${dist.lib}/*`, ...more].join(':');
}

/** What Flink's own start scripts open for Java 17; sun.net.util is only needed up to Flink 1.17, and harmless later. */
const EXPORTED = [
  'java.rmi/sun.rmi.registry',
  'java.security.jgss/sun.security.krb5',
  'java.management/sun.management',
  'java.base/sun.net.util',
];
const OPENED = [
  'java.lang',
  'java.net',
  'java.io',
  'java.nio',
  'sun.nio.ch',
  'java.lang.reflect',
  'java.text',
  'java.time',
  'java.util',
  'java.util.concurrent',
  'java.util.concurrent.atomic',
  'java.util.concurrent.locks',
];

export const jvmOpens: readonly string[] = [
  ...EXPORTED.map((name) => `--add-exports=${name}=ALL-UNNAMED`),
  ...OPENED.map((name) => `--add-opens=java.base/${name}=ALL-UNNAMED`),
];
