import { describe, expect, it } from 'vitest';
import { historyOf, nowOf, type JobSpec } from '../testing/job-builder.js';
import { must, only } from '../testing/must.js';
import { signalsOf } from '../signals/signals.js';

/** 1.20.3: 100/s to six subtasks, 40 of them of one key; the subtask with it takes 25/s, the others all that they are sent. */
const hotKey = (sentPerSecond: number, hotBusy = 1, othersBusy = 0.4): JobSpec => ({
  vertices: {
    src: { parallelism: 1, busy: 0.01, out: sentPerSecond, lag: [0, 0] },
    work: {
      parallelism: 6,
      maxParallelism: 126,
      inputs: { src: 'HASH' },
      busy: [hotBusy, ...Array.from({ length: 5 }, () => othersBusy)],
      in: [25, 10, 10, 10, 10, 10],
    },
  },
});
const skew = (spec: JobSpec) => {
  const history = historyOf(spec);
  const found = signalsOf(history, nowOf(history)).get('skew');
  return only(must(found.ok ? found.value : undefined));
};

describe('a hot key while buffers fill', () => {
  it('has the share of what is sent', () => {
    expect(skew(hotKey(100)).hotKeyShare).toBeCloseTo(0.4, 2);
    expect(skew(hotKey(100))).toMatchObject({ kind: 'hot-key', subtasks: [0] });
  });

  it.each<[string, JobSpec]>([
    ['nothing more is sent than is taken', hotKey(75)],
    ['no subtask is full', hotKey(100, 0.9)],
    ['others may be full as well', hotKey(100, 1, 0.85)],
  ])('has the share of what is taken where %s', (_claim, spec) => {
    expect(skew(spec).hotKeyShare).toBeCloseTo((25 / 75 - 1 / 6) / (5 / 6), 2);
  });
});
