/** Runs `work` for every item, at most `places` at a time, in order of the list. */
export async function eachLimited<T>(
  items: readonly T[],
  places: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  const worker = async (): Promise<void> => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(places, items.length) }, worker));
}
