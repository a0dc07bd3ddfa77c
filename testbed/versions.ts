/** The Flink releases the testbed can start. To add one, add a line: everything else follows from it. */
export interface FlinkRelease {
  /** What a user types: the release line. */
  line: string;
  version: string;
  /** Other words for it. */
  aliases: readonly string[];
  /** `config.yaml` is read from 1.19 on, and is the only file from 2.0 on. */
  configFile: 'flink-conf.yaml' | 'config.yaml';
  /** Folders below testbed/jobs/src, beside `main`: the few classes that Flink has changed over the years. */
  javaApi: readonly string[];
}

const UNTIL_1_15 = ['until-1.20', 'until-1.15'];
const UNTIL_1_20 = ['until-1.20', 'since-1.16', 'sink2-until-1.20'];
const SINCE_2_0 = ['since-2.0', 'since-1.16'];

export const releases: readonly FlinkRelease[] = [
  { line: '1.13', version: '1.13.6', aliases: [], configFile: 'flink-conf.yaml', javaApi: UNTIL_1_15 },
  { line: '1.16', version: '1.16.3', aliases: [], configFile: 'flink-conf.yaml', javaApi: UNTIL_1_20 },
  { line: '1.17', version: '1.17.2', aliases: [], configFile: 'flink-conf.yaml', javaApi: UNTIL_1_20 },
  { line: '1.18', version: '1.18.1', aliases: [], configFile: 'flink-conf.yaml', javaApi: UNTIL_1_20 },
  { line: '1.19', version: '1.19.3', aliases: [], configFile: 'config.yaml', javaApi: UNTIL_1_20 },
  { line: '1.20', version: '1.20.3', aliases: ['1.x'], configFile: 'config.yaml', javaApi: UNTIL_1_20 },
  { line: '2.0', version: '2.0.2', aliases: [], configFile: 'config.yaml', javaApi: SINCE_2_0 },
  { line: '2.1', version: '2.1.3', aliases: [], configFile: 'config.yaml', javaApi: SINCE_2_0 },
  { line: '2.2', version: '2.2.1', aliases: [], configFile: 'config.yaml', javaApi: SINCE_2_0 },
  { line: '2.3', version: '2.3.0', aliases: ['2.x'], configFile: 'config.yaml', javaApi: SINCE_2_0 },
];

/** Finds a release by line, alias or full version. */
export function findRelease(wanted: string): FlinkRelease {
  const found = releases.find((r) => r.line === wanted || r.version === wanted || r.aliases.includes(wanted));
  if (found) return found;
  const known = releases.map((r) => [r.line, ...r.aliases].join(' or ')).join(', ');
  throw new Error(`Flink ${wanted} is not in the testbed's table. Known: ${known}. Add a line to testbed/versions.ts.`);
}
