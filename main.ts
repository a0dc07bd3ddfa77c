#!/usr/bin/env node
import { keepHeapSmall } from './cli/heap.js';

// Before anything else is loaded: what survives of that would let the young generation grow, and it never shrinks again.
keepHeapSmall();
const { run } = await import('./cli/program.js');
await run(process.argv);
