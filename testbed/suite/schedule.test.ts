import { expect, it } from 'vitest';
import { runAll } from './schedule.js';

it('runs so many at a time, the lonely ones last and alone, and keeps the order of results', async () => {
  let running = 0;
  const most: Record<string, number> = {};
  const task = async (item: string): Promise<string> => {
    running++;
    await Promise.resolve();
    most[item] = running;
    running--;
    return item.toUpperCase();
  };
  const results = await runAll(['a', 'lonely', 'b', 'c'], 2, (item) => item === 'lonely', task);
  expect(results).toEqual(['A', 'LONELY', 'B', 'C']);
  expect(most['lonely']).toBe(1);
  expect(Math.max(...Object.values(most))).toBe(2);
});
