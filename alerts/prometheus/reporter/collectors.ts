const PREFIX = 'flink_taskmanager_Status_JVM_GarbageCollector_';
/** Of the JVM's usual choices: G1, parallel, serial. */
const COLLECTORS = [
  ['G1_Young_Generation', 'G1_Old_Generation'],
  ['PS_Scavenge', 'PS_MarkSweep'],
  ['Copy', 'MarkSweepCompact'],
] as const;

/**
 * Time or number of collections of a TaskManager: of all collectors together since Flink 1.19 (`All`), before that the sum
 * of the two that the JVM has. `of` makes an expression of the name of a series.
 */
export const garbageCollection = (figure: 'Time' | 'Count', of: (series: string) => string): string =>
  [
    of(`${PREFIX}All_${figure}`),
    ...COLLECTORS.map((pair) => pair.map((name) => of(`${PREFIX}${name}_${figure}`)).join(' + ')),
  ].join(' or ');
