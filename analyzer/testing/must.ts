/** The value, or an error that says what was expected: tests then need no `!`. */
export function must<T>(value: T | undefined, what = 'a value'): T {
  if (value === undefined) throw new Error(`expected ${what}, got nothing`);
  return value;
}

/** The only item; an error names how many there were. */
export function only<T>(items: readonly T[], what = 'item'): T {
  if (items.length !== 1) throw new Error(`expected one ${what}, got ${items.length}`);
  return must(items[0], what);
}
