import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobReport } from '../../analyzer/engine/analyze.js';
import { findingId, type LiveFinding, type Severity } from '../../analyzer/engine/finding.js';
import { EMPTY_BATCH, openDuckDbStore, type DuckDbStore, type JobKey } from '../../collector/index.js';
import { checkpointOf } from '../../collector/testing/store-rows.js';
import { encodeLives, LIVES_KIND } from '../../dashboard/server/watch/lives-record.js';
import { takePicture } from '../../dashboard/server/watch/pictures.js';
import { SNOOZE_KIND } from '../../dashboard/server/watch/snoozes.js';
import type { WeeklyReport } from '../../reports/model.js';
import { weeklyReport } from '../../reports/model.js';
import { DEMO_JOBS } from '../../sim/demo/jobs.js';
import { temporaryDir } from '../../test/support/service.js';
import { watchSimulated } from '../../test/support/simulated.js';
import { DAY_MS, HOUR_MS, WEEK } from '../../test/support/weekly-fixture.js';
import { storedWeek } from '../stored-week.js';

// Two weeks of ten jobs, written hour by hour as the service writes them: rows, events, pages, lives and snoozes, with the
// verdicts of a simulated job. What became of each is known, because it was put there.

type Shape = 'ill' | 'well' | 'away';
interface Told {
  readonly jobName: string;
  /** By hour of the week. */
  readonly before: (hour: number) => Shape;
  readonly now: (hour: number) => Shape;
  readonly severity?: readonly [before: Severity, now: Severity];
  readonly change: string;
}

const always = (shape: Shape) => (): Shape => shape;
const from = (first: number, then: Shape, until: Shape) => (hour: number) => (hour >= first ? then : until);
/** Hours in which Weir stood still. */
const OUTAGE = [100, 110] as const;
const TOLD: readonly Told[] = [
  { jobName: 'orders', before: always('well'), now: from(50, 'ill', 'well'), change: 'new' },
  { jobName: 'billing', before: always('ill'), now: from(30, 'well', 'ill'), change: 'fixed' },
  { jobName: 'clicks', before: always('ill'), now: always('ill'), change: 'open' },
  {
    jobName: 'inventory',
    before: always('ill'),
    now: always('ill'),
    severity: ['warning', 'critical'],
    change: 'worse',
  },
  { jobName: 'fraud', before: always('ill'), now: always('ill'), severity: ['critical', 'warning'], change: 'better' },
  // Between two of the moments that are looked at.
  { jobName: 'blink', before: always('well'), now: (hour) => (hour === 61 ? 'ill' : 'well'), change: 'passed' },
  { jobName: 'audit', before: always('ill'), now: always('ill'), change: 'snoozed' },
  { jobName: 'late', before: always('away'), now: from(120, 'ill', 'away'), change: 'unjudged' },
  { jobName: 'ledger', before: always('well'), now: always('well'), change: '' },
  { jobName: 'old', before: always('well'), now: always('away'), change: '' },
];
const BEGIN_MS = WEEK.fromMs - 7 * DAY_MS;
const FIVE_MIN_MS = 300_000;
/** Somebody followed the advice on billing. */
const MENDED_MS = WEEK.fromMs + 30 * HOUR_MS;

const keyOf = (jobName: string): JobKey => ({ cluster: 'prod', jobName, jobId: jobName.padEnd(32, '0') });
const isRoot = ({ basis, role, state }: LiveFinding): boolean =>
  basis === 'measured' && role === 'root' && state === 'firing';

/** The simulated verdict as that of another job at another time. */
function placed(report: JobReport, jobName: string, atMs: number, shape: Shape, severity: Severity): JobReport {
  const key = keyOf(jobName);
  const idOf = ({ rule, subject }: LiveFinding): string => findingId(key.cluster, jobName, rule, subject);
  const findings = report.findings
    .filter((finding) => finding.basis === 'configuration' || shape === 'ill')
    .map((finding) => ({
      ...finding,
      ...key,
      id: idOf(finding),
      causedBy: report.findings.filter(({ id }) => finding.causedBy.includes(id)).map(idOf),
      ...(isRoot(finding) ? { severity } : {}),
    }));
  const renamed = new Map(report.findings.map((finding) => [finding.id, idOf(finding)]));
  const recommendations = report.recommendations
    .map((one) => ({
      ...one,
      ...key,
      id: `${jobName}~${one.id}`,
      findings: one.findings.map((id) => renamed.get(id) ?? id),
    }))
    .filter((one) => one.findings.every((id) => findings.some((finding) => finding.id === id)));
  const [advice] = report.recommendations;
  const followed =
    jobName === 'billing' && atMs > MENDED_MS && advice !== undefined
      ? [
          {
            ...advice,
            ...key,
            id: 'mended',
            state: 'confirmed' as const,
            appliedMs: MENDED_MS,
            judgedMs: MENDED_MS + 1,
          },
        ]
      : [];
  const health = shape === 'ill' ? 60 : 100;
  return { ...report, ...key, atMs, findings, recommendations: [...recommendations, ...followed], health };
}

async function writeHour(store: DuckDbStore, ill: JobReport, hour: number): Promise<void> {
  const fromMs = BEGIN_MS + hour * HOUR_MS;
  const isNow = hour >= 168;
  const ofWeek = hour % 168;
  if (isNow && ofWeek >= OUTAGE[0] && ofWeek < OUTAGE[1]) return;
  for (const told of TOLD) {
    const { jobName, severity = ['critical', 'critical'] } = told;
    const key = keyOf(jobName);
    const shapeAt = (at: number): Shape => (at < 0 ? 'away' : at >= 168 ? told.now(at - 168) : told.before(at));
    const shape = shapeAt(hour);
    if (shape === 'away') continue;
    const at = (atMs: number): JobReport => placed(ill, jobName, atMs, shape, severity[isNow ? 1 : 0]);
    const show = (atMs: number): void => takePicture(store, at(atMs), CLUSTER, { lag: [], health: [] });
    const rows = Array.from({ length: 12 }, (_, i) => fromMs + i * FIVE_MIN_MS);
    const restarts = jobName === 'orders' && isNow && ofWeek >= 60 ? 3 : 0;
    void store.append({
      ...EMPTY_BATCH,
      jobs: rows.map((atMs) => ({ ...key, atMs, state: 'RUNNING', figures: { restarts, lagRecords: 500 } })),
      vertices: rows.map((atMs) => ({ ...key, atMs, vertexId: VERTEX_OF(ill), figures: { busyRatio: 0.6 } })),
      checkpoints:
        jobName === 'orders'
          ? [{ ...key, checkpoint: checkpointOf(hour, fromMs, ofWeek % 30 === 7 ? { status: 'FAILED' } : {}) }]
          : [],
    });
    if (shape !== shapeAt(hour - 1)) {
      const changedMs = fromMs + 1_000;
      const kind = shape === 'ill' ? 'finding-opened' : 'finding-closed';
      const roots = placed(ill, jobName, changedMs, 'ill', severity[1]).findings.filter(isRoot);
      if (shape === 'ill' || shapeAt(hour - 1) === 'ill')
        void store.appendEvents(
          roots.map(({ id, title }) => ({ ...key, atMs: changedMs, kind, text: title.en, ref: id })),
        );
      show(changedMs);
      const lives = at(changedMs).findings.map((finding) => ({
        id: finding.id,
        finding,
        state: finding.state,
        firstSeenMs: changedMs,
        lastSeenMs: changedMs,
        readings: 0,
        lastReadingMs: changedMs,
      }));
      void store.saveReport({
        ...key,
        atMs: changedMs,
        kind: LIVES_KIND,
        body: encodeLives(new Map(lives.map((life) => [life.id, life]))),
      });
    }
    if (hour % 6 === 5) show(fromMs + HOUR_MS - 60_000);
  }
}

const CLUSTER = {
  name: 'prod',
  url: 'http://prod',
  state: 'reachable',
  jobsRunning: 1,
  requestsPerMinute: 1,
  simulated: true,
} as const;
const VERTEX_OF = ({ history }: JobReport): string => history.vertices[1]?.vertexId ?? '';

describe('a report over two weeks of the embedded store', () => {
  const dir = temporaryDir();
  let store: DuckDbStore;
  let ill: JobReport;
  let report: WeeklyReport;

  beforeAll(async () => {
    const watched = await watchSimulated(DEMO_JOBS.filter(({ name }) => name === 'orders-enrich'));
    const found = watched.get('orders-enrich');
    if (found === undefined) throw new Error('the demo has no job orders-enrich');
    ill = found;
    let nowMs = BEGIN_MS;
    const clock = { nowMs: () => nowMs, sleep: () => new Promise<void>(() => undefined) };
    store = await openDuckDbStore({ dir: join(dir.path, 'data'), clock, autoFlush: false });
    for (let hour = 0; hour < 336; hour += 1) {
      await writeHour(store, ill, hour);
      if (hour % 24 !== 23) continue;
      await store.flush();
      // Most of it is only there as five-minute figures in the end, as in a service that has run for so long.
      nowMs = BEGIN_MS + (hour + 1) * HOUR_MS;
      await store.maintain(nowMs);
    }
    const root = ill.findings.find(isRoot);
    if (root === undefined) throw new Error('nothing was found in orders-enrich');
    const snooze = {
      findingId: findingId('prod', 'audit', root.rule, root.subject),
      untilMs: WEEK.toMs + DAY_MS,
      reason: 'moves in December',
    };
    void store.saveReport({
      ...keyOf('audit'),
      atMs: WEEK.fromMs + HOUR_MS,
      kind: SNOOZE_KIND,
      body: JSON.stringify(snooze),
    });
    await store.flush();
    await store.maintain(WEEK.toMs + HOUR_MS);
    const ownerOf = (): string => 'team-orders';
    report = weeklyReport(await storedWeek(store, { ...WEEK, nowMs: WEEK.toMs + HOUR_MS, ownerOf }));
  }, 180_000);
  afterAll(async () => {
    await store?.close();
    dir.remove();
  });

  const sectionOf = (jobName: string) => report.sections.find((section) => section.jobName === jobName);

  for (const { jobName, change } of TOLD) {
    if (jobName === 'old') continue;
    it(`${jobName}: ${change === '' ? 'nothing' : change}`, () => {
      const measured = sectionOf(jobName)?.findings.filter(({ basis }) => basis === 'measured') ?? [];
      const roots = ill.findings.filter(isRoot);
      expect(roots.length).toBeGreaterThan(0);
      const first = measured.find(({ rule }) => rule === roots[0]?.rule);
      expect(first?.change ?? '').toBe(change);
      // Only one of the findings was put aside.
      const others = measured.filter((line) => line !== first).map((line) => line.change);
      expect(others.every((other) => other === (change === 'snoozed' ? 'open' : change))).toBe(true);
    });
  }

  it('says which job is gone', () => {
    expect(report.gone).toEqual([{ cluster: 'prod', jobName: 'old' }]);
  });

  it('says openly in which hours Weir stood still', () => {
    expect(report.hoursWithoutData).toEqual([
      { fromMs: WEEK.fromMs + OUTAGE[0] * HOUR_MS, toMs: WEEK.fromMs + OUTAGE[1] * HOUR_MS },
    ]);
    expect(sectionOf('ledger')?.coveredRatio).toBeCloseTo(158 / 168, 3);
  });

  it('gives no verdict on the job of the last two days, and the figure', () => {
    expect(sectionOf('late')).toMatchObject({ isJudged: false, health: {}, actions: [] });
    expect(sectionOf('late')?.coveredRatio).toBeCloseTo(48 / 168, 3);
    expect(report.jobsUnjudged).toBe(1);
  });

  it('counts for how long each was firing, to the second of its opening, without the outage', () => {
    const hoursOf = (jobName: string): number =>
      (sectionOf(jobName)?.findings.find(({ basis }) => basis === 'measured')?.firingMs ?? 0) / HOUR_MS;
    expect(hoursOf('orders')).toBeCloseTo(168 - 50 - 10, 2);
    expect(hoursOf('billing')).toBeCloseTo(30, 2);
    expect(hoursOf('blink')).toBeCloseTo(1, 2);
  });

  it('has the figures of a job from its series', () => {
    expect(sectionOf('orders')?.figures).toMatchObject({ restarts: 3, lagRecordsP95: 500, uptimeRatio: 1 });
    expect(sectionOf('orders')?.figures.busyRatioP95).toBeCloseTo(0.6, 3);
    const failed = Array.from({ length: 168 }, (_, hour) => hour).filter((hour) => hour % 30 === 7).length;
    const outage = OUTAGE[1] - OUTAGE[0];
    expect(sectionOf('orders')?.figures.checkpoints).toEqual({ completed: 168 - outage - failed, failed });
    expect(sectionOf('ledger')?.figures.restarts).toBe(0);
  });

  it('knows what the jobs held, hour by hour', () => {
    const managers = ill.signals.get('taskManagers');
    const cores = managers.ok ? managers.value.reduce((total, { cpuCores }) => total + cpuCores, 0) : 0;
    expect(cores).toBeGreaterThan(0);
    expect(sectionOf('ledger')?.cost.coreHours).toBeCloseTo(cores * 158, 0);
  });

  it('proposes what the rules proposed, with evidence, never for what is fixed or put aside', () => {
    expect(report.actions.length).toBeGreaterThan(0);
    const proposed = new Set(
      report.sections
        .filter(({ actions }) => actions.some(({ finding }) => finding.basis === 'measured'))
        .map(({ jobName }) => jobName),
    );
    for (const jobName of ['billing', 'blink', 'late', 'ledger']) expect(proposed.has(jobName)).toBe(false);
    expect(report.actions[0]?.evidence.length).toBeGreaterThan(0);
    expect(report.actions[0]?.finding.severity).toBe('critical');
  });

  it('tells what was followed and what came of it, and does not propose it again', () => {
    const told = report.sections.flatMap(({ jobName, followed }) => followed.map((one) => [jobName, one.state]));
    expect(told).toEqual([['billing', 'confirmed']]);
    expect(report.actions.some(({ jobName }) => jobName === 'billing')).toBe(false);
  });

  it('has health now and the week before', () => {
    expect(sectionOf('ledger')?.health).toEqual({ now: 100, mean: 100, before: 100 });
    expect(sectionOf('clicks')?.health).toEqual({ now: 60, mean: 60, before: 60 });
    expect(sectionOf('orders')?.health.before).toBe(100);
    expect(sectionOf('orders')?.health.now).toBe(60);
  });

  it('is the owner’s report where all is one owner’s', async () => {
    const fleet = await storedWeek(store, {
      ...WEEK,
      nowMs: WEEK.toMs,
      ownerOf: (cluster) => (cluster === 'prod' ? 'us' : 'them'),
    });
    expect(weeklyReport(fleet, 'us').jobsWatched).toBe(9);
    expect(weeklyReport(fleet, 'them').jobsWatched).toBe(0);
  });

  it('lets others have the event loop: fifty turns at least for each job', async () => {
    let turns = 0;
    let isOver = false;
    const count = (): void => {
      turns += 1;
      if (!isOver) setImmediate(count);
    };
    setImmediate(count);
    await storedWeek(store, { ...WEEK, nowMs: WEEK.toMs });
    isOver = true;
    expect(turns).toBeGreaterThan(50 * report.jobsWatched);
  });
});
