import { text } from '../../analyzer/text.js';
import type { Severity } from '../../analyzer/engine/finding.js';
import type { Prices } from '../../reports/cost.js';
import type { Followed, JobMoment, JobWeek, Proposal, SeenFinding, Span } from '../../reports/facts.js';
import { weeklyReport, type FleetInput, type WeeklyReport } from '../../reports/model.js';
import { jobSection, type JobSection, type SectionInput } from '../../reports/section.js';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
/** Monday to Sunday. */
export const WEEK = {
  week: '2026-W47',
  fromMs: Date.UTC(2026, 10, 16),
  toMs: Date.UTC(2026, 10, 23),
};
export const BEFORE: Span = { fromMs: WEEK.fromMs - 7 * DAY_MS, toMs: WEEK.fromMs };
const STEP_HOURS = 6;

export function seen(rule: string, own: Partial<SeenFinding> = {}): SeenFinding {
  return {
    id: rule,
    rule,
    title: text(`${rule} is there`, `存在 ${rule}`),
    severity: 'warning',
    basis: 'measured',
    isSymptom: false,
    evidence: [],
    ...own,
  };
}

export function proposal(findingId: string, own: Partial<Proposal> = {}): Proposal {
  return {
    id: `${findingId}~parallelism`,
    kind: 'parallelism',
    title: text('Run enrich with parallelism 6 instead of 4', '将 enrich 的并行度从 4 调整为 6'),
    findings: [findingId],
    expected: [],
    confidence: 0.8,
    diffs: {},
    cost: { slots: 0, taskManagers: 0, memoryBytes: 0 },
    ...own,
  };
}

/** A change from parallelism 4 to 6 that was made at that moment. */
export function followed(appliedMs: number, own: Partial<Followed> = {}): Followed {
  const effect = { metric: 'busyRatio', to: 0.66, low: 0.6, high: 0.72 };
  return {
    id: `enrich~parallelism@${appliedMs}`,
    title: text('Run enrich with parallelism 6 instead of 4', '将 enrich 的并行度从 4 调整为 6'),
    state: 'confirmed',
    appliedMs,
    judgedMs: appliedMs + 300_000,
    expected: [{ ...effect, label: text('busy', '繁忙'), from: 0.98, unit: 'ratio' }],
    outcomes: [{ ...effect, before: 0.98, seen: 0.67, isWithin: true }],
    cost: { slots: 2, taskManagers: 0, memoryBytes: 0 },
    ...own,
  };
}

/** A week watched whole; `at` says what its moments show, by the hour of the week at which they end. */
export function weekOf(
  range: Span,
  at: (hour: number) => Partial<JobMoment> = () => ({}),
  own: Partial<JobWeek> = {},
): JobWeek {
  const moments: JobMoment[] = [];
  for (let hour = STEP_HOURS; hour <= 168; hour += STEP_HOURS)
    moments.push({
      atMs: range.fromMs + hour * HOUR_MS - 1,
      health: 100,
      findings: [],
      proposals: [],
      followed: [],
      ...at(hour),
    });
  return {
    watched: [range],
    moments,
    marks: [],
    shortLived: new Map(),
    states: [],
    lagRecords: [],
    busyRatios: [],
    ...own,
  };
}

/** Firing from one hour of the week to another. */
export const firing =
  (fromHour: number, toHour: number, ...findings: readonly SeenFinding[]) =>
  (hour: number): Partial<JobMoment> =>
    hour > fromHour && hour <= toHour ? { findings } : {};

/** Of a job that was not there the week before. */
export function firstSectionOf(now: JobWeek): JobSection {
  const frame = { cluster: 'prod-a', jobName: 'orders', range: WEEK, rangeBefore: BEFORE };
  return jobSection({ ...frame, now, snoozes: new Map() });
}

export function sectionOf(own: Partial<SectionInput> & Pick<SectionInput, 'now'>): JobSection {
  return jobSection({
    cluster: 'prod-a',
    jobName: 'orders',
    before: weekOf(BEFORE),
    range: WEEK,
    rangeBefore: BEFORE,
    snoozes: new Map(),
    ...own,
  });
}

export function reportOf(sections: readonly JobSection[], own: Partial<FleetInput> = {}, owner?: string): WeeklyReport {
  return weeklyReport({ week: WEEK, knownToMs: WEEK.toMs, sections, gone: [], ...own }, owner);
}

const PRICES: Prices = { currency: 'EUR', perCoreHour: 0.04, perGbHour: 0.005, clusters: {} };
const RULES: readonly (readonly [rule: string, severity: Severity, en: string, zh: string])[] = [
  ['skew-hot-key', 'critical', 'One key carries 61 % of the records of enrich', '一个键承载了 enrich 61 % 的记录'],
  ['bp-external-wait', 'warning', 'billing waits for something outside of Flink', 'billing 在等待 Flink 之外的系统'],
  ['ckpt-async', 'warning', 'Checkpoints spend most of their time uploading state', '检查点大部分时间用于上传状态'],
  ['par-over', 'info', 'The job has more slots than its load needs', '作业的 slot 多于其负载所需'],
  ['mem-heap-oversized', 'info', 'The heap is three times as large as what it holds', '堆是实际占用的三倍'],
];

/** A fleet as a team lead meets it: most jobs well, some ill in every way that the report tells. */
export function fleetReport(
  jobs: number,
  own: { readonly owner?: string; readonly prices?: Prices | null } = {},
): WeeklyReport {
  const prices = own.prices === undefined ? PRICES : (own.prices ?? undefined);
  const sections = Array.from({ length: jobs }, (_, i) => fleetJob(i, prices));
  const fleet: FleetInput = {
    week: WEEK,
    knownToMs: WEEK.toMs,
    sections,
    gone: [{ cluster: 'prod-b', jobName: 'nightly-backfill', owner: 'team-payments' }],
    ...(prices === undefined ? {} : { currency: prices.currency }),
  };
  return weeklyReport(fleet, own.owner);
}

const NAMES = [
  'payments-ledger',
  'orders-enrich',
  'billing-sink',
  'clickstream-sessions',
  'inventory-state',
  'fraud-scoring',
];

function fleetJob(i: number, prices: Prices | undefined): JobSection {
  const jobName = `${NAMES[i % NAMES.length] ?? 'job'}${i < NAMES.length ? '' : `-${i}`}`;
  const own = RULES.map(([rule, severity, en, zh]) =>
    seen(rule, {
      id: `${jobName}~${rule}`,
      severity,
      title: text(en, zh),
      evidence: [
        {
          signal: 'busyRatio',
          label: text('busy', '繁忙'),
          value: 0.98,
          unit: 'ratio',
          threshold: 0.9,
          comparison: '>=',
          windowMs: 60_000,
        },
        { signal: 'lagSeconds', label: text('lag', '积压'), value: 412, unit: 's', windowMs: 600_000 },
      ],
    }),
  );
  const settings = seen('cfg-no-ha', {
    id: `${jobName}~cfg-no-ha`,
    basis: 'configuration',
    title: text('The JobManager has no high availability', 'JobManager 未启用高可用'),
  });
  const kind = i % 7;
  const pick = (n: number): SeenFinding => own[n % own.length] ?? settings;
  const during =
    (fromHour: number, toHour: number, ...findings: readonly SeenFinding[]) =>
    (hour: number) => ({
      ...firing(fromHour, toHour, ...findings)(hour),
      proposals: findings.map((finding, n) => proposalFor(finding, n)),
      health: hour > fromHour && hour <= toHour ? (findings[0]?.severity === 'critical' ? 55 : 80) : 100,
      resources: { cores: 4 + (i % 3), memoryBytes: (8 + i) * 2 ** 30 },
      slots: 8,
      followed: kind === 2 && hour > 30 ? [followed(WEEK.fromMs + 30 * HOUR_MS)] : [],
      heapRatio: 0.6 + (i % 4) / 10,
      lagSeconds: i % 5,
    });
  const quiet = during(0, 0);
  const always = (at: (hour: number) => Partial<JobMoment>) => (hour: number) => {
    const moment = at(hour);
    return { ...moment, findings: [...(moment.findings ?? []), settings] };
  };
  const shapes: readonly (readonly [
    now: (hour: number) => Partial<JobMoment>,
    before: (hour: number) => Partial<JobMoment>,
  ])[] = [
    [quiet, quiet],
    [during(60, 168, pick(0), pick(2)), quiet],
    [quiet, during(0, 168, pick(1))],
    [during(0, 168, pick(2)), during(0, 168, pick(2))],
    [during(0, 168, pick(3), pick(4)), during(0, 168, pick(3))],
    [during(0, 168, { ...pick(1), severity: 'critical' }), during(0, 168, pick(1))],
    [quiet, quiet],
  ];
  const [now, before] = shapes[kind] ?? [quiet, quiet];
  const watched =
    i % 13 === 12
      ? [{ fromMs: WEEK.toMs - 40 * HOUR_MS, toMs: WEEK.toMs }]
      : [
          { fromMs: WEEK.fromMs, toMs: WEEK.fromMs + 50 * HOUR_MS },
          { fromMs: WEEK.fromMs + 53 * HOUR_MS, toMs: WEEK.toMs },
        ];
  return sectionOf({
    cluster: i % 3 === 2 ? 'prod-b' : 'prod-a',
    jobName,
    owner: i % 2 === 0 ? 'team-payments' : 'team-orders',
    now: weekOf(WEEK, always(now), {
      watched,
      restarts: kind === 1 ? 3 : 0,
      checkpoints: { completed: 10_060 - kind, failed: kind === 3 ? 212 : 0 },
      lagRecords: [0, 1_200, 4_000 * kind],
      busyRatios: [0.4, 0.5, 0.3 + kind / 10],
    }),
    before: weekOf(BEFORE, always(before)),
    snoozes:
      kind === 3 && i > 6
        ? new Map([[pick(2).id, { untilMs: WEEK.toMs + 5 * DAY_MS, reason: 'the bucket moves in December' }]])
        : new Map(),
    ...(prices === undefined ? {} : { prices }),
  });
}

function proposalFor(finding: SeenFinding, nth: number): Proposal {
  const saves = finding.severity === 'info';
  return proposal(finding.id, {
    id: `${finding.id}~${nth}`,
    title: saves
      ? text('Run with 6 slots instead of 8', '将 slot 从 8 个减少到 6 个')
      : text('Run enrich with parallelism 6 instead of 4', '将 enrich 的并行度从 4 调整为 6'),
    diffs: {
      'config.yaml':
        "- pipeline.jobvertex-parallelism-overrides: '0a448493b4782967b150582570326227:4'\n+ pipeline.jobvertex-parallelism-overrides: '0a448493b4782967b150582570326227:6'\n",
    },
    expected: [
      {
        metric: 'recordsInPerSecond',
        label: text('records/s', '每秒记录数'),
        from: 900,
        to: 1_800,
        low: 1_600,
        high: 2_000,
        unit: 'records/s',
      },
    ],
    cost: saves
      ? { slots: -2, taskManagers: -1, memoryBytes: -(2 ** 31) }
      : { slots: 2, taskManagers: 0, memoryBytes: 0 },
  });
}
