import type { FlinkVersion } from '../../collector/model/index.js';

/** One option as a file sets it. */
export interface Setting {
  readonly key: string;
  readonly value: string;
  /** From 1. */
  readonly line: number;
}

/** What is wrong with a file itself, before any option is looked at. */
export interface FileProblem {
  readonly line: number;
  readonly what: 'syntax' | 'twice' | 'no-value' | 'ignored-line';
  readonly key?: string;
  /** As the parser says it. */
  readonly detail?: string;
}

/** `config.yaml`: YAML, read from 1.19 on. `flink-conf.yaml`: lines of `key: value`, read up to 1.20. */
export type SettingsKind = 'config.yaml' | 'flink-conf.yaml' | 'FlinkDeployment' | 'FlinkSessionJob' | 'ConfigMap';

/** The options of one file, or of one document in it. */
export interface Settings {
  readonly kind: SettingsKind;
  /** Name of the Kubernetes object. */
  readonly name?: string;
  readonly settings: readonly Setting[];
  /** `spec.flinkVersion` of a FlinkDeployment. */
  readonly flinkVersion?: FlinkVersion;
  readonly problems: readonly FileProblem[];
}

/** Key and value of each option; the last of several wins, as in Flink. */
export function asConfiguration({ settings }: Settings): Readonly<Record<string, string>> {
  return Object.fromEntries(settings.map(({ key, value }) => [key, value]));
}
