/** The same object without the keys whose value is `undefined`: missing means missing. */
export function defined<T extends object>(fields: { [K in keyof T]: T[K] | undefined }): T {
  const kept: Partial<T> = {};
  for (const key in fields) {
    const value = fields[key];
    if (value !== undefined) kept[key] = value;
  }
  // Keys that T requires have a T[K] in `fields`; only values that were undefined were left out.
  return kept as T;
}
