#!/usr/bin/env node
import { keepHeapSmall } from './cli/heap.js';
import { run } from './cli/program.js';

keepHeapSmall();
await run(process.argv);
