/** `15s`, `500ms`, `3m`, `2h`, `3d` → milliseconds. Undefined: not a duration. */
export function parseDuration(value: string): number | undefined {
  const [, digits, unit = ''] = /^\s*(\d+(?:\.\d+)?)\s*(ms|s|m|min|h|d)\s*$/.exec(value) ?? [];
  const factor = UNITS[unit];
  return digits === undefined || factor === undefined ? undefined : Math.round(Number(digits) * factor);
}

const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
