import { describe, expect, it } from 'vitest';
import type { Finding, Severity } from '../analyzer/engine/finding.js';
import type { Life } from '../analyzer/engine/lifecycle.js';
import { text } from '../analyzer/text.js';
import { weeklyReport, type ReportInput, type StoredFindings } from './model.js';

const FROM_MS = Date.UTC(2026, 10, 16);
const MINUTE_MS = 60_000;
const WEEK = { week: '2026-W47', fromMs: FROM_MS, toMs: FROM_MS + 7 * 86_400_000 };

function life(rule: string, state: Life['state'], more: { severity?: Severity; vertexName?: string } = {}): Life {
  const { severity = 'warning', vertexName } = more;
  const finding: Finding = {
    rule,
    category: 'memory',
    severity,
    confidence: 1,
    basis: 'measured',
    subject: vertexName === undefined ? { kind: 'job' } : { kind: 'vertex', vertexId: 'v', vertexName },
    title: text(`${rule} found`, `发现 ${rule}`),
    summary: text('', ''),
    evidence: [],
    wouldChange: [],
    notSeen: [],
  };
  return {
    id: rule,
    finding,
    state,
    firstSeenMs: FROM_MS,
    lastSeenMs: FROM_MS + MINUTE_MS,
    readings: 0,
    lastReadingMs: FROM_MS,
  };
}

const record = (minute: number, lives: readonly Life[], jobName = 'a'): StoredFindings => ({
  cluster: 'c',
  jobName,
  atMs: FROM_MS + minute * MINUTE_MS,
  lives,
});
const job = (jobName: string, firstMs = FROM_MS, lastMs = FROM_MS + 3_600_000): ReportInput['jobs'][number] => ({
  cluster: 'c',
  jobName,
  firstMs,
  lastMs,
});
const reportOf = (records: readonly StoredFindings[], jobs = [job('a')]) => weeklyReport({ ...WEEK, jobs, records });

describe('the weekly report', () => {
  it('counts the jobs watched and those with findings', () => {
    const report = reportOf([record(0, [life('gc-pressure', 'firing')])], [job('a'), job('b')]);
    expect(report).toMatchObject({ week: '2026-W47', jobsWatched: 2, jobsWithFindings: 1 });
    expect(report.sections.map(({ jobName }) => jobName)).toEqual(['a', 'b']);
  });

  it('of a week without jobs is empty, and says so by its counts', () => {
    expect(reportOf([], [])).toMatchObject({ jobsWatched: 0, jobsWithFindings: 0, sections: [] });
  });

  const times: readonly {
    readonly name: string;
    readonly records: readonly StoredFindings[];
    readonly minutes: number;
  }[] = [
    {
      name: 'a record stands until the next',
      records: [0, 1, 2].map((m) => record(m, [life('r', 'firing')])),
      minutes: 2,
    },
    {
      name: 'but two minutes at most: a stopped Weir saw nothing',
      records: [0, 600].map((m) => record(m, [life('r', 'firing')])),
      minutes: 2,
    },
    {
      name: 'time in which it was resolved is not counted',
      records: [record(0, [life('r', 'firing')]), record(1, [life('r', 'resolved')]), record(2, [])],
      minutes: 1,
    },
    {
      name: 'records out of order count the same',
      records: [2, 0, 1].map((m) => record(m, [life('r', 'firing')])),
      minutes: 2,
    },
    { name: 'the newest record alone has lasted no time yet', records: [record(0, [life('r', 'firing')])], minutes: 0 },
  ];
  for (const { name, records, minutes } of times) {
    it(`firing time: ${name}`, () => {
      expect(reportOf(records).sections[0]?.findings[0]?.firingMs).toBe(minutes * MINUTE_MS);
    });
  }

  it('a finding that only ever was pending is no finding', () => {
    expect(reportOf([record(0, [life('r', 'pending')])]).sections[0]?.findings).toEqual([]);
  });

  it('is open now only where the newest record has it firing', () => {
    const open = reportOf([record(0, [life('r', 'firing')]), record(1, [life('r', 'firing')])]);
    const over = reportOf([record(0, [life('r', 'firing')]), record(1, [life('r', 'resolved')])]);
    const gone = reportOf([record(0, [life('r', 'firing')]), record(1, [])]);
    expect([open, over, gone].map((report) => report.sections[0]?.findings[0]?.openNow)).toEqual([true, false, false]);
  });

  it('keeps the worst severity that a finding had', () => {
    const records = [record(0, [life('r', 'firing', { severity: 'critical' })]), record(1, [life('r', 'firing')])];
    expect(reportOf(records).sections[0]?.findings[0]?.severity).toBe('critical');
  });

  it('puts the jobs that suffered most first, and infos weigh nothing', () => {
    const records = [
      ...[0, 1].map((m) => record(m, [life('r', 'firing', { severity: 'info' })], 'infos')),
      ...[0, 1].map((m) => record(m, [life('r', 'firing')], 'warned')),
      ...[0, 1].map((m) => record(m, [life('r', 'firing', { severity: 'critical' })], 'hurt')),
    ];
    const report = reportOf(records, [job('well'), job('infos'), job('warned'), job('hurt')]);
    expect(report.sections.map(({ jobName }) => jobName)).toEqual(['hurt', 'warned', 'infos', 'well']);
  });

  it('counts only the part of the week in which a job was watched', () => {
    const jobs = [
      job('a', FROM_MS - 86_400_000, FROM_MS + MINUTE_MS),
      job('b', WEEK.toMs - MINUTE_MS, WEEK.toMs + 86_400_000),
    ];
    expect(reportOf([], jobs).sections.map(({ watchedMs }) => watchedMs)).toEqual([MINUTE_MS, MINUTE_MS]);
  });

  it('two jobs of one name on two clusters are two', () => {
    const other = { ...job('a'), cluster: 'd' };
    const report = weeklyReport({ ...WEEK, jobs: [job('a'), other], records: [record(0, [life('r', 'firing')])] });
    expect(report.sections.map(({ cluster, findings }) => `${cluster} ${findings.length}`)).toEqual(['c 1', 'd 0']);
  });
});
