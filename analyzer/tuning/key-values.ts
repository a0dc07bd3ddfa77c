/** A key as a job has it; whole numbers may come as text, which keeps the 64 bits of a long. */
export type KeyValue = string | number | bigint | boolean | readonly KeyValue[];

/** A whole number of so many bits; undefined where the value is none. */
export function wholeNumber(value: KeyValue, bits: number): bigint | undefined {
  if (typeof value === 'object' || !/^-?\d+$/.test(String(value))) return undefined;
  const number = BigInt(value);
  return number === BigInt.asIntN(bits, number) ? number : undefined;
}
