import { describe, expect, it } from 'vitest';
import { analyzeJob, type JobReport } from '../../../analyzer/engine/analyze.js';
import { vary } from '../../../analyzer/testing/claims.js';
import { historyOf, nowOf, START_MS, type JobSpec } from '../../../analyzer/testing/job-builder.js';
import * as job from '../../../analyzer/testing/scenarios.js';
import { createMemoryStore } from '../../../collector/index.js';
import { bpExternalWait } from '../../../rules/backpressure/bp-external-wait.js';
import { LedgerBook } from './ledger-book.js';
import { decodeLedger, LEDGER_KIND } from './ledger-record.js';

const keyOf = (cluster: string, jobName: string): string => `${cluster}/${jobName}`;
const KEY = keyOf('test', 'orders');
const EVER = { fromMs: 0, toMs: START_MS + 10_000_000 };

function reportOf(spec: JobSpec): JobReport {
  const history = historyOf(spec);
  return analyzeJob(history, new Map(), nowOf(history), { rules: [bpExternalWait], settings: {}, disabled: [] }).report;
}

const advised = reportOf(job.SLOW_LOOKUP);
const followed = (minutes: number): JobReport =>
  reportOf({
    ...vary(job.SLOW_LOOKUP, {
      vertices: { map: { parallelism: 5, busy: 0.62, in: 120 }, src: { lag: [0, 0], bp: 0.01 } },
    }),
    startMs: START_MS + minutes * 60_000,
    samples: 30,
  });
const states = (report: JobReport): readonly string[] => report.recommendations.map(({ state }) => state);

describe('the ledger of the service', () => {
  it('writes an advice down when it is first given, and not again in every beat', async () => {
    const store = createMemoryStore();
    const book = new LedgerBook(store);
    for (const atMs of [0, 10_000, 20_000]) book.follow(KEY, { ...advised, atMs: advised.atMs + atMs });
    expect(await store.loadReports({ ...EVER, kind: LEDGER_KIND })).toHaveLength(1);
  });

  it('goes on after a restart: advice of before it is recognised when it is applied', async () => {
    const store = createMemoryStore();
    new LedgerBook(store).follow(KEY, advised);
    const book = new LedgerBook(store);
    await book.restore(advised.atMs + 60_000, keyOf);
    expect(states(book.follow(KEY, followed(10)))).toEqual(['applied']);
    expect(states(book.follow(KEY, followed(20)))).toEqual(['confirmed']);
  });

  it('tells on the time line when an advice was applied and what came of it', async () => {
    const store = createMemoryStore();
    const book = new LedgerBook(store);
    for (const report of [advised, followed(10), followed(20)]) book.follow(KEY, report);
    const events = await store.events({ cluster: 'test', jobName: 'orders' }, EVER);
    expect(events.map(({ kind, text }) => `${kind} ${text}`)).toEqual([
      'recommendation applied: Run map with parallelism 5 instead of 2',
      'recommendation confirmed: Run map with parallelism 5 instead of 2',
    ]);
  });

  it('takes a record of another shape for none', () => {
    for (const body of ['', '{}', '[1]', '[["a",{}]]', '[["a",{"state":"applied","advice":null}]]'])
      expect(decodeLedger(body).size).toBe(0);
  });

  it('forgets a job with the collector', () => {
    const book = new LedgerBook(createMemoryStore());
    book.follow(KEY, advised);
    book.forget(KEY);
    expect([...book.keys()]).toEqual([]);
  });
});
