import { parseDurationMs } from '../../analyzer/tuning/values/duration.js';

type Configuration = Readonly<Record<string, string>>;

/** An option's value under the first of its names that is set. */
export function settingOf(configuration: Configuration, ...keys: readonly string[]): string | undefined {
  const key = keys.find((name) => (configuration[name] ?? '') !== '');
  return key === undefined ? undefined : configuration[key];
}

export function isOn(configuration: Configuration, ...keys: readonly string[]): boolean {
  return (
    settingOf(configuration, ...keys)
      ?.trim()
      .toLowerCase() === 'true'
  );
}

export function isOff(configuration: Configuration, ...keys: readonly string[]): boolean {
  return (
    settingOf(configuration, ...keys)
      ?.trim()
      .toLowerCase() === 'false'
  );
}

/** A duration as Flink reads it; a bare number is milliseconds. Undefined: not set, or Flink would refuse it. */
export function durationMs(value: string | undefined): number | undefined {
  return value === undefined ? undefined : parseDurationMs(value);
}

/** Whether Flink itself started the processes in containers of Kubernetes or YARN; what others start does not show. */
export function isContainer(configuration: Configuration): boolean {
  return (
    settingOf(configuration, 'kubernetes.cluster-id') !== undefined ||
    /^(kubernetes|yarn)-/.test(settingOf(configuration, 'execution.target') ?? '')
  );
}
