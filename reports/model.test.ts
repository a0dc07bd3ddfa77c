import { describe, expect, it } from 'vitest';
import { text } from '../analyzer/text.js';
import type { SectionInput } from './section.js';
import {
  BEFORE,
  firing,
  HOUR_MS,
  proposal,
  reportOf,
  seen,
  sectionOf,
  WEEK,
  weekOf,
} from '../test/support/weekly-fixture.js';

const job = (jobName: string, own: Partial<SectionInput> = {}) => sectionOf({ jobName, now: weekOf(WEEK), ...own });
const ill = (jobName: string, severity: 'info' | 'warning' | 'critical', fromHour = 0) => {
  const finding = seen('r', { id: `${jobName}~r`, severity });
  const own = proposal(finding.id, { title: text(`mend ${jobName}`, `修复 ${jobName}`) });
  return job(jobName, {
    now: weekOf(WEEK, (hour) => ({ ...firing(fromHour, 168, finding)(hour), proposals: [own], health: 60 })),
  });
};

describe('the weekly report', () => {
  it('counts the jobs, those with findings, and what became of the findings', () => {
    const report = reportOf([job('well'), ill('a', 'warning'), ill('b', 'critical')]);
    expect(report).toMatchObject({ week: '2026-W47', jobsWatched: 3, jobsWithFindings: 2, jobsUnjudged: 0 });
    expect(report.changes).toMatchObject({ new: 2, fixed: 0, worse: 0 });
  });

  it('of a week without jobs is empty, and all of it is without data', () => {
    const report = reportOf([]);
    expect(report).toMatchObject({ jobsWatched: 0, sections: [], actions: [], cost: {} });
    expect(report.hoursWithoutData).toEqual([{ fromMs: WEEK.fromMs, toMs: WEEK.toMs }]);
  });

  it('puts the jobs that suffered most first', () => {
    const report = reportOf([job('well'), ill('info', 'info'), ill('warned', 'warning'), ill('hurt', 'critical')]);
    expect(report.sections.map(({ jobName }) => jobName)).toEqual(['hurt', 'warned', 'info', 'well']);
  });

  it('a configuration that is missing makes no job ill', () => {
    const finding = seen('cfg', { basis: 'configuration', severity: 'critical' });
    const report = reportOf([job('a', { now: weekOf(WEEK, () => ({ findings: [finding] })) })]);
    expect(report).toMatchObject({ jobsWithFindings: 0, changes: { new: 0 } });
    expect(report.days.every(({ critical }) => critical === 0)).toBe(true);
  });

  it('five actions, the critical first, then those that hurt longest', () => {
    const jobs = [ill('i', 'info'), ill('short', 'warning', 100), ill('long', 'warning'), ill('c', 'critical', 140)];
    const report = reportOf([...jobs, ill('x', 'info'), ill('y', 'info'), ill('z', 'info')]);
    expect(report.actions.map(({ jobName }) => jobName)).toEqual(['c', 'long', 'short', 'i', 'x']);
  });

  it('health is the mean of the judged jobs, now and the week before', () => {
    const short = { watched: [{ fromMs: WEEK.fromMs, toMs: WEEK.fromMs + HOUR_MS }] };
    const dying = job('dying', { now: weekOf(WEEK, () => ({ health: 0 }), short) });
    const { health, jobsUnjudged } = reportOf([job('well'), ill('a', 'warning'), dying]);
    expect(health).toEqual({ now: 80, mean: 80, before: 100 });
    expect(jobsUnjudged).toBe(1);
  });

  it('the curve has the gaps of the week, and the week before beside it', () => {
    const now = weekOf(WEEK, (hour) => ({ health: hour > 24 ? 90 : 70 }));
    const gap = {
      ...now,
      moments: now.moments.filter(({ atMs }) => atMs < WEEK.fromMs + 48 * HOUR_MS || atMs > WEEK.fromMs + 72 * HOUR_MS),
    };
    const { curve } = reportOf([job('a', { now: gap, before: weekOf(BEFORE, () => ({ health: 50 })) })]);
    expect(curve).toHaveLength(28);
    expect(curve.slice(0, 4).map((point) => point.now)).toEqual([70, 70, 70, 70]);
    expect(curve.slice(8, 12).map((point) => point.now)).toEqual([undefined, undefined, undefined, undefined]);
    expect(curve.every(({ before }) => before === 50)).toBe(true);
  });

  it('an hour that one job has is no hour without data', () => {
    const until = (hour: number) => ({ watched: [{ fromMs: WEEK.fromMs, toMs: WEEK.fromMs + hour * HOUR_MS }] });
    const report = reportOf([
      job('a', { now: weekOf(WEEK, undefined, until(160)) }),
      job('b', { now: weekOf(WEEK, undefined, until(165)) }),
    ]);
    expect(report.hoursWithoutData).toEqual([{ fromMs: WEEK.fromMs + 165 * HOUR_MS, toMs: WEEK.toMs }]);
  });

  it('of an owner has that owner’s jobs only, and those of them that are gone', () => {
    const gone = [
      { cluster: 'c', jobName: 'old', owner: 'us' },
      { cluster: 'c', jobName: 'theirs', owner: 'them' },
    ];
    const report = reportOf([job('a', { owner: 'us' }), job('b', { owner: 'them' }), job('c')], { gone }, 'us');
    expect(report.sections.map(({ jobName }) => jobName)).toEqual(['a']);
    expect(report).toMatchObject({ owner: 'us', gone: [{ jobName: 'old' }] });
  });

  it('two jobs of one name on two clusters are two', () => {
    expect(reportOf([job('a'), job('a', { cluster: 'd' })]).sections.map(({ cluster }) => cluster)).toEqual([
      'd',
      'prod-a',
    ]);
  });
});
