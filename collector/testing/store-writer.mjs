// A process that writes to a store until it is killed, for the tests of kill -9 and of the lock.
// It loads the TypeScript sources through Vite, because a test run has nothing built.
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const [dir, startMs] = process.argv.slice(2);
const load = async (path) => (await runnerImport(fileURLToPath(new URL(path, import.meta.url)))).module;
const { openDuckDbStore } = await load('../store/duckdb/duckdb-store.ts');
const { EMPTY_BATCH, KEY, subtaskRow } = await load('./store-rows.ts');

const SUBTASKS = 50;
const clock = { nowMs: () => Number(startMs), sleep: () => new Promise(() => undefined) };
const store = await openDuckDbStore({ dir, clock, autoFlush: false });
for (let nth = 0; ; nth += 1) {
  const atMs = Number(startMs) + nth * 10_000;
  const subtasks = Array.from({ length: SUBTASKS }, (_, subtask) =>
    subtaskRow(atMs, subtask, { busyRatio: 0.5, recordsInPerSecond: 1 }),
  );
  const kept = store.append({ ...EMPTY_BATCH, subtasks, events: [{ ...KEY, atMs, kind: 'state', text: `${nth}` }] });
  await store.flush();
  if (await kept) process.stdout.write(`${nth}\n`);
}
