import { describe, expect, it } from 'vitest';
import type { JobHistory } from '../../collector/model/index.js';
import { historyOf } from '../testing/job-builder.js';
import { HEALTHY } from '../testing/scenarios.js';
import { standstillOf } from './standstill.js';

type States = JobHistory['states'];

const plain = historyOf(HEALTHY);
const ADAPTIVE = { 'jobmanager.scheduler': 'Adaptive' };
const told = (states: States, allRunningSinceMs: number | undefined, configuration: Record<string, string> = {}) => {
  const job = allRunningSinceMs === undefined ? {} : { allRunningSinceMs };
  const { lowSeconds, highSeconds } = standstillOf(job, { ...plain, configuration, states });
  return [lowSeconds, highSeconds];
};
const at = (seconds: number, state: States[number]['state']): States[number] => ({ atMs: seconds * 1000, state });
const submitted = [at(100, 'INITIALIZING'), at(101, 'CREATED'), at(102, 'RUNNING')];

describe('how long a job stands still for a change', () => {
  it.each<[string, number[], readonly number[]]>([
    ['half a minute at most where somebody redeploys it', told(submitted, 103_000), [2, 30]],
    ['seconds where it is rescaled in place', told(submitted, 103_000, ADAPTIVE), [2, 8]],
    ['as its own start took, where that is longer: 60 s of restoring', told(submitted, 160_000, ADAPTIVE), [30, 90]],
    [
      'by its last start, not by an earlier one',
      told([...submitted, at(200, 'RESTARTING'), at(201, 'RUNNING')], 220_000, ADAPTIVE),
      [10, 30],
    ],
    ['as usual while it starts', told(submitted, undefined, ADAPTIVE), [2, 8]],
    ['as usual where the start was not seen', told([at(100, 'RUNNING')], 103_000, ADAPTIVE), [2, 8]],
    ['as usual after a start that waited for slots', told(submitted, 4_000_000, ADAPTIVE), [2, 8]],
  ])('%s', (_claim, seen, expected) => {
    expect(seen).toEqual(expected);
  });
});
