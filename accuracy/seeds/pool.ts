import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Verdict } from '../trace.js';
import type { SeedTask } from './seed-task.js';

/** More of them need more memory than they save time. */
const WORKERS_MAX = 8;

/** Plays all seeds, on every core, and gives the verdicts in the order of the tasks. The first one that fails ends it all. */
export async function playAll(
  tasks: readonly SeedTask[],
  onPlayed: (verdict: Verdict, played: number) => void,
): Promise<readonly Verdict[]> {
  const verdicts: Verdict[] = [];
  let [next, played] = [0, 0];
  const playInOne = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL('./worker.js', import.meta.url));
      let at = 0;
      const go = (): void => {
        at = next;
        next += 1;
        const task = tasks[at];
        if (task === undefined) void worker.terminate().then(() => resolve());
        else worker.postMessage(task);
      };
      worker.on('message', (verdict: Verdict) => {
        verdicts[at] = verdict;
        played += 1;
        onPlayed(verdict, played);
        go();
      });
      worker.on('error', (error) => {
        const { kind = '', seed = 0 } = tasks[at] ?? {};
        reject(new Error(`${kind}, seed ${seed}: ${String(error)}`));
      });
      go();
    });
  const workers = Math.min(WORKERS_MAX, availableParallelism(), tasks.length);
  await Promise.all(Array.from({ length: workers }, playInOne));
  return verdicts;
}
