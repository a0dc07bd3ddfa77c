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

const UNIT_MS: readonly (readonly [RegExp, number])[] = [
  [/^(|ms|milli|millis|millisecond|milliseconds)$/, 1],
  [/^(s|sec|secs|second|seconds)$/, 1000],
  [/^(m|min|mins|minute|minutes)$/, 60_000],
  [/^(h|hour|hours)$/, 3_600_000],
  [/^(d|day|days)$/, 86_400_000],
];

/** Flink's `TimeUtils.parseDuration` and ISO-8601 down from days; a bare number is milliseconds. Undefined: not understood. */
export function durationMs(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const [, digits, unit = ''] = /^\s*(\d+)\s*([a-z]*)\s*$/i.exec(value) ?? [];
  const factor = UNIT_MS.find(([names]) => names.test(unit.toLowerCase()))?.[1];
  if (digits !== undefined) return factor === undefined ? undefined : Number(digits) * factor;
  const [whole, d = 0, h = 0, m = 0, s = 0] = ISO.exec(value.trim()) ?? [];
  if (whole === undefined || whole.length < 3) return undefined;
  return ((Number(d) * 24 + Number(h)) * 60 + Number(m)) * 60_000 + Number(s) * 1000;
}

const ISO = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/i;

/** Whether Flink itself started the processes in containers of Kubernetes or YARN; what others start does not show. */
export function isContainer(configuration: Configuration): boolean {
  return (
    settingOf(configuration, 'kubernetes.cluster-id') !== undefined ||
    /^(kubernetes|yarn)-/.test(settingOf(configuration, 'execution.target') ?? '')
  );
}
