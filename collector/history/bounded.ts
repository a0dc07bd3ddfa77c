/** Appends and drops the oldest beyond `max`. */
export function pushBounded<T>(list: T[], item: T, max: number): void {
  list.push(item);
  if (list.length > max) list.splice(0, list.length - max);
}

/** Drops from the front what is older than `sinceMs`; the list is oldest first. */
export function dropOlder(list: { readonly atMs: number }[], sinceMs: number): void {
  const keep = list.findIndex((item) => item.atMs >= sinceMs);
  list.splice(0, keep < 0 ? list.length : keep);
}
