/** Flink's `MemorySize.parse`: a whole number and a unit; a bare number is bytes. Undefined: Flink would refuse it. */
export function parseMemorySize(value: string): number | undefined {
  const [, digits, unit = ''] = /^\s*(\d+)\s*([a-z]*)\s*$/i.exec(value) ?? [];
  const factor = FACTORS[unit.toLowerCase()];
  return digits === undefined || factor === undefined ? undefined : Number(digits) * factor;
}

const KIB = 1024;
const FACTORS: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  bytes: 1,
  k: KIB,
  kb: KIB,
  kibibytes: KIB,
  m: KIB ** 2,
  mb: KIB ** 2,
  mebibytes: KIB ** 2,
  g: KIB ** 3,
  gb: KIB ** 3,
  gibibytes: KIB ** 3,
  t: KIB ** 4,
  tb: KIB ** 4,
  tebibytes: KIB ** 4,
};

/** Whole mebibytes, rounded up, as Flink reads it: `1728m`. */
export function mebibytes(value: number): string {
  return `${Math.ceil(value / KIB ** 2)}m`;
}
