/**
 * Runs what can share the machine `width` at a time, in the given order, then what cannot, one by one. Results come
 * back in the order of the items.
 */
export async function runAll<T, R>(
  items: readonly T[],
  width: number,
  isAlone: (item: T) => boolean,
  task: (item: T) => Promise<R>,
): Promise<R[]> {
  const results = new Map<T, R>();
  const lane = async (queue: T[]): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) results.set(item, await task(item));
  };
  const shared = items.filter((item) => !isAlone(item));
  await Promise.all(Array.from({ length: width }, () => lane(shared)));
  await lane(items.filter(isAlone));
  return items.flatMap((item) => {
    const result = results.get(item);
    return result === undefined ? [] : [result];
  });
}
