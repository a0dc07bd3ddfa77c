import { expect, it } from 'vitest';
import { createTurns } from './turns.js';

it('runs one at a time, in order, and goes on after a failure', async () => {
  const turns = createTurns();
  const log: string[] = [];
  const task = (name: string, fails = false) =>
    turns(async () => {
      log.push(`${name} begins`);
      await Promise.resolve();
      log.push(`${name} ends`);
      if (fails) throw new Error(name);
      return name;
    });
  const all = await Promise.allSettled([task('a'), task('b', true), task('c')]);
  expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  expect(all.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});
