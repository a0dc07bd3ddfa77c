// The program from a clone: makes sure it is installed and built, then runs it. stdout belongs to the command.
import { ensureBuilt, ensureInstalled } from './bootstrap.mjs';

ensureInstalled();
ensureBuilt();
await import('../dist/main.js');
