// A process that writes to a store until it is killed, for the tests of kill -9 and of the lock.
// It loads the TypeScript sources through Vite, because a test run has nothing built.
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const [dir, startMs] = process.argv.slice(2);
const load = async (path) => (await runnerImport(fileURLToPath(new URL(path, import.meta.url)))).module;
const { openDuckDbStore } = await load('../store/duckdb/duckdb-store.ts');
const { EMPTY_BATCH, subtaskRow } = await load('./store-rows.ts');

const SUBTASKS = 50;
const clock = { nowMs: () => Number(startMs), sleep: () => new Promise(() => undefined) };
const store = await openDuckDbStore({ dir, clock, autoFlush: false });
for (let flush = 0; ; flush += 1) {
  const atMs = Number(startMs) + flush * 50_000;
  const rows = Array.from({ length: SUBTASKS }, (_, subtask) =>
    subtaskRow(atMs, subtask, { busyRatio: 0.5, recordsInPerSecond: 1 }),
  );
  store.append({ ...EMPTY_BATCH, subtasks: rows });
  await store.flush();
  process.stdout.write(`${flush}\n`);
}
