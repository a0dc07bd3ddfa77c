import { describe, expect, it } from 'vitest';
import { BATCH, judged, NOT_RUNNING, vary, verdictOf } from '../../analyzer/testing/claims.js';
import { flawsIn } from '../../analyzer/testing/flaws.js';
import { historyOf, type JobSpec, type VertexSpec } from '../../analyzer/testing/job-builder.js';
import { live } from '../../analyzer/testing/judge.js';
import { must, only } from '../../analyzer/testing/must.js';
import * as job from '../../analyzer/testing/scenarios.js';
import { RULES } from '../index.js';
import { wmIdlePartition } from './wm-idle-partition.js';

const NO_EVENT_TIME = 'skipped: the job has no event time: no task tells a watermark';
const SILENT = 'warning src[3]';

const src = (more: Partial<VertexSpec>): JobSpec => vary(job.SILENT_READER, { vertices: { src: more } });
const agg = (more: Partial<VertexSpec>): JobSpec => vary(job.SILENT_READER, { vertices: { agg: more } });
const NO_METRICS = { metrics: {} };
const onTime = (seconds: number): number => seconds * 1000;
/** One record of one reader in so many seconds, the others as before. */
const every = (gap: number): JobSpec =>
  src({ out: (seconds, subtask) => (subtask === 3 ? (seconds % gap === 0 ? 0.1 : 0) : 125) });

const never = (): undefined => undefined;
const NO_TIME = { vertices: Object.fromEntries(['src', 'slow', 'join'].map((id) => [id, { watermark: never }])) };

const claims: readonly (readonly [string, JobSpec, string])[] = [
  ['names the reader that went silent (L50)', job.SILENT_READER, SILENT],
  ['fires where readers never had a partition (L10)', job.TWO_PARTITIONS, 'warning src[2,3]'],
  ['names a whole source that went silent', twoSources(0), 'warning slow'],
  ['is quiet just below two minutes of silence', { ...job.SILENT_READER, samples: 17 }, 'clear'],
  ['fires from two minutes on', { ...job.SILENT_READER, samples: 18 }, SILENT],
  [
    'is critical where event time is more than an hour back',
    src({ watermark: (s, subtask) => (subtask === 3 ? 58_000 : onTime(s) + 3_600_000) }),
    'critical src[3]',
  ],
  [
    'is quiet with idleness configured: event time goes on without the reader',
    agg({ watermark: onTime, out: 5 }),
    'clear',
  ],
  ['is an info where nobody is seen to wait for event time', agg({ ...NO_METRICS, out: 200 }), 'info src[3]'],
  ['takes an output that stopped as waiting', agg(NO_METRICS), SILENT],
  ['takes a window by its name', agg({ ...NO_METRICS, name: 'TumblingEventTimeWindows', out: 0 }), SILENT],
  [
    'is an info for a window of processing time, which does not wait',
    agg({ name: 'TumblingProcessingTimeWindows' }),
    'info src[3]',
  ],
  [
    'takes a state that grows at every checkpoint as waiting',
    {
      ...agg({ ...NO_METRICS, out: 0 }),
      checkpoints: Array.from({ length: 15 }, (_, i) => ({ phases: { agg: { bytes: 1_000_000 + 200_000 * i } } })),
    },
    SILENT,
  ],
  [
    'but not a state that stays',
    {
      ...agg({ ...NO_METRICS, out: 0 }),
      checkpoints: Array.from({ length: 15 }, () => ({ phases: { agg: { bytes: 1_000_000 } } })),
    },
    'info src[3]',
  ],
  ['is quiet about a partition with a record every three minutes', every(180), 'clear'],
  ['is quiet about a reader with records waiting: it is held, not silent', src({ lag: [4000, 0] }), 'clear'],
  ['is quiet about a reader under pressure', src({ bp: [0, 0, 0, 0.9] }), 'clear'],
  ['is quiet where the whole job is silent', src({ out: (s) => (s > 60 ? 0 : 125) }), 'clear'],
  ['is quiet about a job that reads a record every few minutes', src({ out: 0.004 }), 'clear'],
  ['is quiet about a healthy job with event time', job.EVENT_TIME, 'clear'],
  ['is quiet about a bounded source that is done', twoSources('finished'), 'clear'],
  ['is quiet about an idle source whose job has no event time', vary(twoSources(0), NO_TIME), NO_EVENT_TIME],
  ['is skipped without event time', job.HEALTHY, NO_EVENT_TIME],
  [
    'is skipped where metrics cannot be read',
    { ...vary(twoSources(0), NO_TIME), missing: ['/jobs/:jobid/vertices/:vertexid/metrics'] },
    'skipped: /jobs/:jobid/vertices/:vertexid/metrics could not be read: HTTP 500',
  ],
  ['is skipped for a batch job', { ...job.SILENT_READER, batch: true }, BATCH],
  ['is skipped while tasks are deployed', { ...job.SILENT_READER, tasks: 'DEPLOYING' }, NOT_RUNNING],
];

/** A join of a source that reads on and one that emits this many records/s after a minute, or is done. */
function twoSources(slow: number | 'finished'): JobSpec {
  const stands = (seconds: number): number => onTime(Math.min(seconds, 60));
  const isDone = slow === 'finished';
  return {
    samples: 40,
    vertices: {
      src: { parallelism: 2, out: 200, watermark: onTime },
      slow: { parallelism: 2, finished: isDone, out: (s) => (s > 60 ? Number(slow) : 50), watermark: stands },
      join: {
        name: 'IntervalJoin',
        parallelism: 2,
        inputs: { src: 'HASH', slow: 'HASH' },
        in: 200,
        out: 0,
        watermark: isDone ? onTime : stands,
      },
    },
  };
}

describe('wm-idle-partition', () => {
  it.each(claims)('%s', (_claim, spec, said) => {
    const verdict = judged(spec, wmIdlePartition);
    expect(verdictOf(verdict)).toBe(said);
    expect(flawsIn(verdict, [wmIdlePartition])).toEqual([]);
  });

  it('says how far the others are ahead, and who waits', () => {
    const { title, summary } = only(judged(job.SILENT_READER, wmIdlePartition).findings);
    expect(title.en).toBe('src: subtask 3 is silent and holds event time back');
    expect(summary.en).toContain('are 6 min ahead');
    expect(summary.en).toContain('agg waits for it');
  });

  it('advises a line of code for a DataStream job', () => {
    const advice = only(judged(job.SILENT_READER, wmIdlePartition).advice);
    expect(only(advice.changes)).toMatchObject({ vertexId: 'src', to: '.withIdleness(Duration.ofSeconds(60))' });
    expect(advice.diffs).toEqual({});
  });

  it('advises the option for a SQL job', () => {
    const sql = agg({ name: 'GroupWindowAggregate[4]' });
    const advice = only(judged(sql, wmIdlePartition).advice);
    expect(advice.diffs.sql).toBe("SET 'table.exec.source.idle-timeout' = '60 s';");
  });

  it('advises nothing where the option is set, or where nobody waits', () => {
    const set = {
      ...agg({ name: 'GroupWindowAggregate[4]' }),
      configuration: { 'table.exec.source.idle-timeout': '30 s' },
    };
    expect(judged(set, wmIdlePartition).advice).toEqual([]);
    expect(judged(agg({ ...NO_METRICS, out: 200 }), wmIdlePartition).advice).toEqual([]);
  });

  const roots = (spec: JobSpec): readonly string[] =>
    live(historyOf(spec), RULES)
      .last.findings.filter(({ role, state, severity }) => role === 'root' && state === 'firing' && severity !== 'info')
      .map(({ rule }) => rule);

  it('is the one root of a silent partition, and of readers without one the number of partitions is', () => {
    expect(roots(job.SILENT_READER)).toEqual(['wm-idle-partition']);
    expect(roots(job.TWO_PARTITIONS)).toEqual(['src-partitions-lt-parallelism']);
    expect(roots(job.EVENT_TIME)).toEqual([]);
  });

  it('names the evidence by the series that shows it', () => {
    const { evidence } = only(judged(job.SILENT_READER, wmIdlePartition).findings);
    expect(must(evidence.find(({ signal }) => signal === 'watermarkStandsMs')).series).toEqual({
      metric: 'watermarkMs',
      vertexId: 'agg',
    });
  });
});
