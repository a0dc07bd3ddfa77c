/** The item that must be there; for tests, where its absence is the failure. */
export function at<T>(list: readonly T[], index: number): T {
  const item = list.at(index);
  if (item === undefined) throw new Error(`no item ${index} among ${list.length}`);
  return item;
}
