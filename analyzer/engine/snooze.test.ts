import { describe, expect, it } from 'vitest';
import { historyOf, nowOf } from '../testing/job-builder.js';
import { HEALTHY } from '../testing/scenarios.js';
import { text } from '../text.js';
import { analyzeJob, type JobReport } from './analyze.js';
import type { LiveFinding } from './finding.js';
import { withSnoozes } from './snooze.js';

const history = historyOf(HEALTHY);
const calm = analyzeJob(history, new Map(), nowOf(history), { rules: [], settings: {}, disabled: [] }).report;

function found(id: string, more: Partial<LiveFinding> = {}): LiveFinding {
  return {
    id,
    rule: id,
    category: 'test',
    severity: 'warning',
    confidence: 1,
    basis: 'measured',
    subject: { kind: 'job' },
    title: text(id, id),
    summary: text('', ''),
    evidence: [],
    wouldChange: [],
    notSeen: [],
    cluster: 'test',
    jobId: 'a',
    jobName: 'orders',
    state: 'firing',
    role: 'root',
    causedBy: [],
    rank: 0,
    firstSeenMs: 0,
    lastSeenMs: 0,
    ...more,
  };
}
const CRITICAL = found('critical', { severity: 'critical' });
const WARNING = found('warning');
const SYMPTOM = found('symptom', { severity: 'critical', role: 'symptom', causedBy: ['critical'] });
const SHARED = found('shared', { role: 'symptom', causedBy: ['critical', 'warning'] });
const OF_SYMPTOM = found('of-symptom', { role: 'symptom', causedBy: ['symptom'] });
const CATCHING_UP = found('catching-up', { rule: 'src-catchup', severity: 'info' });
const OF_BACKLOG = found('of-backlog', { role: 'symptom', causedBy: ['catching-up'] });
const ENDED = found('ended', { severity: 'critical', state: 'resolved', resolvedMs: calm.atMs });
const CONFIGURATION = found('configuration', { severity: 'critical', basis: 'configuration' });

const snooze = { untilMs: calm.atMs + 3_600_000, reason: 'known' };
const read = (findings: readonly LiveFinding[], ids: readonly string[], reachable = true): JobReport =>
  withSnoozes({ ...calm, findings, reachable }, new Map(ids.map((id) => [id, snooze])));

describe('a snoozed finding', () => {
  const table: readonly (readonly [
    claim: string,
    findings: readonly LiveFinding[],
    snoozed: readonly string[],
    worst: JobReport['worst'],
    health: number,
  ])[] = [
    ['a warning that comes of a backlog being worked off does not', [CATCHING_UP, OF_BACKLOG], [], 'info', 100],
    ['a critical one does', [CATCHING_UP, { ...OF_BACKLOG, severity: 'critical' }], [], 'critical', 100],
    [
      'nor one that has another cause',
      [CATCHING_UP, WARNING, { ...OF_BACKLOG, causedBy: ['catching-up', 'warning'] }],
      [],
      'warning',
      80,
    ],
    ['nobody snoozed counts', [CRITICAL, WARNING], [], 'critical', 40],
    ['does not count', [CRITICAL, WARNING], ['critical'], 'warning', 80],
    ['all of them: the job is ok', [CRITICAL, WARNING], ['critical', 'warning'], 'ok', 100],
    ['takes its symptoms with it', [CRITICAL, SYMPTOM], ['critical'], 'ok', 100],
    ['and theirs', [OF_SYMPTOM, SYMPTOM, CRITICAL], ['critical'], 'ok', 100],
    ['but none that another cause explains too', [CRITICAL, WARNING, SHARED], ['critical'], 'warning', 80],
    ['as a symptom leaves its root as it is', [CRITICAL, SYMPTOM], ['symptom'], 'critical', 60],
    ['that ended takes nothing from health either', [ENDED], ['ended'], 'ok', 100],
    ['an id that is not there changes nothing', [WARNING], ['gone'], 'warning', 80],
  ];
  it.each(table)('%s', (_claim, findings, ids, worst, health) => {
    expect(read(findings, ids)).toMatchObject({ worst, health });
  });

  it('stays listed, after the others that are measured and before configuration', () => {
    const { findings } = read([CRITICAL, WARNING, CONFIGURATION], ['critical']);
    expect(findings.map(({ id, rank, snoozed }) => [id, rank, snoozed?.reason])).toEqual([
      ['warning', 1, undefined],
      ['critical', 2, 'known'],
      ['configuration', 3, undefined],
    ]);
  });

  it('counts again when the snooze is over', () => {
    const again = withSnoozes(read([CRITICAL], ['critical']), new Map());
    expect(again).toMatchObject({ worst: 'critical', health: 60 });
    expect(again.findings[0]).not.toHaveProperty('snoozed');
  });

  it('makes no job of a cluster that cannot be read look well', () => {
    expect(read([CRITICAL], ['critical'], false).worst).toBe('unknown');
  });
});
