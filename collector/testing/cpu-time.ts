/** What `work` brings, and the CPU time it takes, ms: unlike the clock that does not grow when the machine is busy elsewhere. */
export function timed<T>(work: () => T): { readonly value: T; readonly cpuMs: number } {
  const before = process.cpuUsage();
  const value = work();
  const { user, system } = process.cpuUsage(before);
  return { value, cpuMs: (user + system) / 1000 };
}
