import { describe, expect, it } from 'vitest';
import { MinuteLog } from './minutes.js';

/** Feeds readings so many seconds apart; `busy` by subtask and second. */
function played(
  stepSeconds: number,
  steps: number,
  busy: (subtask: number, second: number) => number,
  log = new MinuteLog(45),
): MinuteLog {
  for (let step = 1; step <= steps; step += 1) {
    const [fromMs, toMs] = [(step - 1) * stepSeconds * 1000, step * stepSeconds * 1000];
    for (const subtask of [0, 1])
      log.add(
        subtask,
        { busyRatio: busy(subtask, toMs / 1000), backPressuredRatio: 0, recordsInPerSecond: 10 },
        fromMs,
        toMs,
      );
    log.endReading(toMs);
  }
  return log;
}

describe('MinuteLog', () => {
  it('has the busiest subtask and the sum of all, minute by minute', () => {
    const { minutes } = played(10, 12, (subtask, second) => (second <= 60 ? [0.2, 0.8] : [0.5, 0.1])[subtask] ?? 0);
    expect(minutes).toHaveLength(2);
    expect(minutes[0]).toMatchObject({ startMs: 0, backPressuredMaxRatio: 0, recordsInPerSecond: 20 });
    expect(minutes.map(({ busyMaxRatio }) => Number(busyMaxRatio?.toFixed(3)))).toEqual([0.8, 0.5]);
    expect(minutes[0]).not.toHaveProperty('recordsOutPerSecond');
  });

  it('takes the mean over the minute, not the highest reading', () => {
    const { minutes } = played(10, 6, (_, second) => (second === 30 ? 1 : 0.4));
    expect(minutes[0]?.busyMaxRatio).toBeCloseTo(0.5, 6);
  });

  it('takes one reading that spans a minute', () => {
    expect(played(60, 5, () => 0.3).minutes).toHaveLength(5);
  });

  it('leaves a minute out in which a subtask was not read', () => {
    const log = played(10, 6, () => 0.3);
    for (let second = 70; second <= 120; second += 10)
      log.add(0, { busyRatio: 0.9 }, (second - 10) * 1000, second * 1000);
    log.endReading(120_000);
    expect(log.minutes.map(({ startMs }) => startMs)).toEqual([0]);
  });

  it('goes on after minutes in which nothing was read', () => {
    const log = played(10, 6, () => 0.3);
    for (const subtask of [0, 1]) log.add(subtask, { busyRatio: 0.5 }, 200_000, 240_000);
    log.endReading(240_000);
    expect(log.minutes.map(({ startMs }) => startMs)).toEqual([0, 180_000]);
  });

  it('begins anew with an attempt, and holds no more than its limit', () => {
    const log = played(10, 600, () => 0.3);
    expect(log.minutes).toHaveLength(45);
    log.reset();
    expect(log.minutes).toEqual([]);
    expect(played(10, 6, () => 0.3, log).minutes).toHaveLength(1);
  });
});
