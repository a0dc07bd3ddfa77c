#!/usr/bin/env node
import { keepHeapSmall } from '../cli/heap.js';

const [name, ...rest] = process.argv.slice(2);
if (name === 'collect') {
  // As the service does it, and before anything else is loaded.
  keepHeapSmall();
  const { collectBench } = await import('./collect.js');
  process.stdout.write(`${JSON.stringify(await collectBench(rest))}\n`);
  process.exit(0);
}
const { runBench } = await import('./benches.js');
await runBench(name);
