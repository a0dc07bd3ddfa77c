import { describe, expect, it } from 'vitest';
import { analyzeJob, type JobReport } from '../../../analyzer/engine/analyze.js';
import { vary } from '../../../analyzer/testing/claims.js';
import { historyOf, nowOf, START_MS, type JobSpec } from '../../../analyzer/testing/job-builder.js';
import { only } from '../../../analyzer/testing/must.js';
import * as job from '../../../analyzer/testing/scenarios.js';
import { createMemoryStore } from '../../../collector/index.js';
import type { JobEras } from '../../../collector/model/index.js';
import { bpExternalWait } from '../../../rules/backpressure/bp-external-wait.js';
import { EraBook } from './era-book.js';
import { decodeEras, ERAS_KIND } from './era-record.js';

const keyOf = (cluster: string, jobName: string): string => `${cluster}/${jobName}`;
const KEY = keyOf('test', 'orders');
const EVER = { fromMs: 0, toMs: START_MS + 10_000_000, kind: ERAS_KIND };

function reportOf(spec: JobSpec, eras?: JobEras): JobReport {
  const history = { ...historyOf(spec), ...(eras === undefined ? {} : { eras }) };
  return analyzeJob(history, new Map(), nowOf(history), { rules: [bpExternalWait], settings: {}, disabled: [] }).report;
}

/** Twice the subtasks, and what they wait for gives as much as before. */
const doubled = vary(job.SLOW_LOOKUP, { vertices: { map: { parallelism: 4, in: 100 } } });
const slow = reportOf(job.SLOW_LOOKUP);

describe('what was served at past parallelisms', () => {
  it('is written down once, not in every beat', async () => {
    const store = createMemoryStore();
    const book = new EraBook(store);
    for (const atMs of [0, 10_000, 20_000]) book.follow(KEY, { ...slow, atMs: slow.atMs + atMs });
    expect(await store.loadReports(EVER)).toHaveLength(1);
    expect(
      book
        .of(KEY)
        ?.get('map')
        ?.map(({ parallelism }) => parallelism),
    ).toEqual([2]);
  });

  it('outlives a restart and a redeployment, and tells that more subtasks bring nothing', async () => {
    const store = createMemoryStore();
    new EraBook(store).follow(KEY, slow);
    const book = new EraBook(store);
    await book.restore(slow.atMs + 60_000, keyOf);
    book.follow(KEY, reportOf(doubled));
    const fresh = only(reportOf(doubled).recommendations);
    const knowing = only(reportOf(doubled, book.of(KEY)).recommendations);
    expect(fresh.kind).toBe('parallelism');
    expect(knowing.kind).toBe('code');
    expect(knowing.title.en).toContain('it is at its own limit');
    expect(knowing.rejected.map(({ why }) => why.en)).toContain(
      'it was tried: when full 2 subtasks 400/s, 4 subtasks 400/s',
    );
  });

  it('a record of another shape gives none', () => {
    for (const body of ['', '{}', '[["map",[{"parallelism":0,"perSecond":1,"atMs":1}]]]'])
      expect(decodeEras(body).size).toBe(0);
  });
});
