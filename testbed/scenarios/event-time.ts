import { sink, source, window, type GraphNode, type Settings } from '../graph.js';
import type { Scenario } from '../scenario.js';

/** A source with event time, a window of ten seconds by its keys, a sink. */
const windowed = (more: Partial<Settings>, p = 2): readonly GraphNode[] => [
  source('src', { p, rate: 250, keys: 'uniform:500', watermarks: 'on', ...more }),
  window('win', 'src:hash', { p, windowS: 10 }),
  sink('sink', 'win:forward', { p }),
];

/** Windows that close late, early or never, because of the times that the records carry. */
export const eventTimeScenarios: readonly Scenario[] = [
  {
    id: 'silent-partition',
    title: 'one of two partitions goes silent after 30 s, and nobody calls it idle',
    like: 'L50',
    graph: windowed({ silentSplit: 1, silentAfterS: 30 }),
    // Thirty seconds until it is silent, two minutes until that is no pause.
    lookSeconds: 240,
    expect: { rule: 'wm-idle-partition', operator: 'src', subtasks: [1], mustNot: ['wm-never', 'skew-source-content'] },
  },
  {
    id: 'idle-readers',
    title: 'two partitions on four readers: two of them hold event time at its beginning',
    like: 'L10',
    graph: windowed({ splits: 2 }, 4),
    lookSeconds: 240,
    expect: {
      rule: 'src-partitions-lt-parallelism',
      operator: 'src',
      // Both say the same of the same two readers; which is the cause of which is a matter of words.
      alsoTrue: ['wm-idle-partition', 'wm-never'],
      mustNot: ['skew-data-hash', 'src-fetch-bound', 'skew-source-content'],
    },
  },
  {
    id: 'sources-apart',
    title: 'two sources whose records are an hour apart meet in a window',
    like: 'L51',
    graph: [
      source('ahead', { p: 1, rate: 400, keys: 'uniform:5000', payload: 100, watermarks: 'on' }),
      source('behind', { p: 1, rate: 400, keys: 'uniform:5000', payload: 100, watermarks: 'on', behindS: 3600 }),
      window('win', ['ahead:hash', 'behind:hash'], { p: 2, windowS: 60 }),
      sink('sink', 'win:forward', { p: 2 }),
    ],
    expect: { rule: 'wm-skew', operator: 'behind', mustNot: ['wm-stuck', 'wm-idle-partition'] },
  },
  {
    id: 'late-records',
    title: 'one record in fifty is an hour late, five seconds are waited for',
    like: 'L52',
    graph: windowed({ keys: 'uniform:100000', boundS: 5, lateShare: 0.02, lateByS: 3600 }),
    expect: { rule: 'wm-late-drops', operator: 'win', mustNot: ['wm-stuck', 'wm-idle-partition'] },
  },
  {
    id: 'seconds-for-milliseconds',
    title: 'event times are seconds since 1970, read as milliseconds',
    like: 'L53',
    graph: windowed({ timeUnit: 's' }),
    // Until it has been seen to stand far behind, it is only clear that the times are seconds.
    expect: {
      rule: 'wm-lag',
      operator: 'src',
      alsoTrue: ['wm-future'],
      mustNot: ['wm-stuck', 'wm-idle-partition', 'wm-never'],
    },
  },
  {
    id: 'bursty-window',
    title: 'a window of 30 s works for 12 s when it ends, and rests until the next',
    like: 'L14',
    graph: [
      source('src', { p: 2, rate: 1000, keys: 'uniform:1000', payload: 100, watermarks: 'on' }),
      window('win', 'src:hash', { p: 2, windowS: 30, fireParkUs: 24_000 }),
      sink('sink', 'win:forward', { p: 2 }),
    ],
    expect: {
      rule: 'bp-bursty-window',
      operator: 'win',
      alsoTrue: ['bp-external-wait', 'ckpt-start-delay'],
      mustNot: ['par-under'],
    },
  },
];
