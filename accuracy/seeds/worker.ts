import { parentPort } from 'node:worker_threads';
import { playSeed, type SeedTask } from './seed-task.js';

/** Plays one seed after the other for the thread that started it. What it throws ends it, and is that one's to tell. */
parentPort?.on('message', (task: SeedTask) => {
  void playSeed(task).then((verdict) => parentPort?.postMessage(verdict));
});
