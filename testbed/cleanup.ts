type Cleanup = () => void;

const cleanups = new Set<Cleanup>();
let installed = false;

/**
 * Registers something that must not outlive this process and returns how to unregister it. It runs on exit and on
 * SIGINT, SIGTERM and SIGHUP, so it must be synchronous.
 */
export function onProcessEnd(cleanup: Cleanup): () => void {
  install();
  cleanups.add(cleanup);
  return () => cleanups.delete(cleanup);
}

function install(): void {
  if (installed) return;
  installed = true;
  process.on('exit', runAll);
  for (const [signal, code] of [
    ['SIGHUP', 129],
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    process.on(signal, () => {
      runAll();
      process.exit(code);
    });
  }
}

function runAll(): void {
  // Last in, first out: processes are killed before the directories they write to are removed.
  for (const cleanup of [...cleanups].reverse()) {
    cleanups.delete(cleanup);
    try {
      cleanup();
    } catch {
      // One failing clean-up must not keep the others from running.
    }
  }
}
