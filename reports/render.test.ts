import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { text } from '../analyzer/text.js';
import { escapeHtml, escapeMarkdown } from './escape.js';
import { MAX_HTML_BYTES, renderHtml } from './html.js';
import type { WeeklyReport } from './model.js';
import { renderReport } from './render.js';
import {
  BEFORE,
  firing,
  firstSectionOf,
  followed,
  fleetReport,
  HOUR_MS,
  proposal,
  reportOf,
  seen,
  sectionOf,
  WEEK,
  weekOf,
} from '../test/support/weekly-fixture.js';

const HAN = /\p{Script=Han}/u;
/** What must never reach a reader. */
const SLIPS = /undefined|\bNaN\b|\[object|Infinity/;
const FORMATS = ['html', 'markdown', 'text'] as const;

const gc = seen('gc-pressure', {
  severity: 'critical',
  title: text('A TaskManager collects garbage', '一个 TaskManager 在回收垃圾'),
  evidence: [
    {
      signal: 'gcRatio',
      label: text('time in GC', 'GC 时间占比'),
      value: 0.21,
      unit: 'ratio',
      threshold: 0.1,
      comparison: '>=',
      windowMs: 60_000,
    },
  ],
});
const snoozed = seen('ckpt-async', { title: text('Checkpoints upload slowly', '检查点上传缓慢') });
const setting = seen('cfg-no-ha', { basis: 'configuration', title: text('No high availability', '未启用高可用') });
const advice = proposal('gc-pressure', {
  diffs: { 'config.yaml': '- taskmanager.memory.process.size: 2g\n+ taskmanager.memory.process.size: 4g\n' },
  expected: [
    {
      metric: 'gc',
      label: text('time in GC', 'GC 时间占比'),
      from: 0.21,
      to: 0.04,
      low: 0.02,
      high: 0.06,
      unit: 'ratio',
    },
  ],
});

/** One job with all that a job can have, one of which little was seen, one that is well. */
function known(): WeeklyReport {
  const all = sectionOf({
    jobName: 'orders',
    owner: 'team-payments',
    now: weekOf(
      WEEK,
      (hour) => ({
        findings: [...(firing(48, 168, gc)(hour).findings ?? []), snoozed, setting],
        proposals: [advice],
        health: 60,
        lagSeconds: 40,
        heapRatio: 0.7,
        followed: hour > 30 ? [followed(WEEK.fromMs + 30 * HOUR_MS)] : [],
        resources: { cores: 4, memoryBytes: 2 ** 33 },
        slots: 4,
      }),
      {
        watched: [
          { fromMs: WEEK.fromMs, toMs: WEEK.fromMs + 10 * HOUR_MS },
          { fromMs: WEEK.fromMs + 14 * HOUR_MS, toMs: WEEK.toMs },
        ],
        restarts: 2,
        checkpoints: { completed: 98, failed: 2 },
        lagRecords: [2_000, 2_000],
        busyRatios: [0.75, 0.75],
      },
    ),
    before: weekOf(BEFORE, () => ({ findings: [snoozed], health: 80 })),
    snoozes: new Map([['ckpt-async', { untilMs: WEEK.toMs + 1, reason: 'the bucket moves' }]]),
    prices: { currency: 'EUR', perCoreHour: 0.05, clusters: {} },
  });
  const little = sectionOf({
    jobName: 'late',
    now: weekOf(WEEK, undefined, { watched: [{ fromMs: WEEK.fromMs, toMs: WEEK.fromMs + 42 * HOUR_MS }] }),
  });
  return reportOf([all, little, sectionOf({ jobName: 'quiet', now: weekOf(WEEK) })], {
    currency: 'EUR',
    gone: [{ cluster: 'prod-a', jobName: 'old-job' }],
  });
}

describe.each(FORMATS)('as %s', (format) => {
  const plain = (language: 'en' | 'zh-CN'): string =>
    renderReport(known(), format, language)
      .replaceAll('\\', '')
      .replace(/<style>.*?<\/style>/s, '')
      .replace(/<[^>]+>/g, ' ')
      .replace(/&#39;/g, "'")
      .replace(/&#62;/g, '>');

  const says: readonly (readonly [what: string, words: RegExp])[] = [
    ['the week and its days', /Flink tuning report 2026-W47[\s\S]*16 Nov to 22 Nov 2026/],
    ['how many jobs, and what changed', /3 jobs watched, 1 with findings\. 1 new · 1 snoozed/],
    ['health now and the week before', /80[\s\S]*At the end 80 · week before 90 \(−10\)/],
    ['how much the watching missed', /No verdict on 1 job[\s\S]*No verdict: watched for 25 % of the week/],
    [
      'the action, its evidence and what is expected of it',
      /Run enrich with parallelism 6 instead of 4[\s\S]*time in GC 21 % \(limit >= 10 %\)[\s\S]*time in GC 21 % → 4 % \(2 % to 6 %\)/,
    ],
    ['its diff', /config\.yaml[\s\S]*\+ taskmanager\.memory\.process\.size: 4g/],
    ['who snoozed until when and why', /snoozed[\s\S]*until 2026-11-23 00:00 UTC: the bucket moves/],
    [
      'the figures of a job',
      /uptime 100 % · 2 restarts · checkpoints 98 % \(2 failed\) · lag 2k records \(up to 40 s\) · busy 75 % · heap 70 %/,
    ],
    ['what it cost', /€32\.80 · 656 cores·h · 1\.31k GB·h/],
    [
      'what came of advice that was followed',
      /orders \(prod-a\): Run enrich with parallelism 6 instead of 4: it worked; busy 98 % → 67 % \(promised 60 % to 72 %\)/,
    ],
    ['estimated and realised apart', /Estimated:[\s\S]*nothing[\s\S]*Realised:[\s\S]*nothing[\s\S]*not added/],
    ['the settings, once for all jobs', /Settings to decide[\s\S]*No high availability[\s\S]*1/],
    ['which jobs are gone', /not in this one: old-job \(prod-a\)/],
  ];
  for (const [what, words] of says) {
    it(`says ${what}`, () => {
      expect(plain('en')).toMatch(words);
    });
  }

  it('speaks Chinese throughout, and lets nothing slip', () => {
    const words = plain('zh-CN');
    for (const expected of [
      'Flink 调优周报 2026-W47',
      '一个 TaskManager 在回收垃圾',
      '已静默',
      '不作判断',
      '预计',
      '已实现',
      '确有效果',
    ])
      expect(words).toContain(expected);
    expect(words).not.toMatch(/still open|watched|firing|[Ww]eek before|restart|uptime/);
    expect(words).not.toMatch(SLIPS);
    expect(plain('en')).not.toMatch(SLIPS);
    expect(plain('en')).not.toMatch(HAN);
  });

  it('of a week without jobs says that', () => {
    expect(renderReport(reportOf([]), format, 'en')).toContain('No job was watched in this week.');
    expect(renderReport(reportOf([]), format, 'zh-CN')).toMatch(HAN);
  });
});

it('of a week that is not over says until when it is known', () => {
  const report = reportOf([sectionOf({ now: weekOf(WEEK) })], { knownToMs: WEEK.fromMs + 33 * HOUR_MS });
  expect(renderReport(report, 'text', 'en')).toContain('as of 2026-11-17 09:00 UTC');
});

it('without a week before says so, and not that nothing changed', () => {
  const report = reportOf([firstSectionOf(weekOf(WEEK, firing(48, 168, gc)))]);
  expect(renderReport(report, 'text', 'en')).toContain('There is no week before to compare with.');
  expect(renderReport(report, 'text', 'en')).not.toContain('Nothing became new');
});

describe('the page stands alone', () => {
  const page = renderHtml(known(), 'zh-CN', (name) => ({ src: `cid:${name}@weir`, width: 560, height: 210 }));

  it('has its language, one heading, no script, and loads nothing but what comes with it', () => {
    expect(page).toMatch(/^<!doctype html>\n<html lang="zh-CN">/);
    expect(page.match(/<h1>/g)).toHaveLength(1);
    expect(page).not.toMatch(/<script|href=|url\(|@import|src="(?!cid:)/);
  });

  it('has words in place of each picture, and its figures as a table', () => {
    const images = page.match(/<img [^>]*>/g) ?? [];
    expect(images).toHaveLength(2);
    for (const image of images) expect(image).toMatch(/alt="[^"]{10,}"/);
    expect(page.match(/<img [^>]*><table class="data"/g)).toHaveLength(2);
  });

  const fleets: readonly (readonly [jobs: number, language: 'en' | 'zh-CN'])[] = [
    [100, 'en'],
    [100, 'zh-CN'],
    [400, 'zh-CN'],
  ];
  for (const [jobs, language] of fleets) {
    it(`of ${jobs} jobs in ${language} is small enough for a mail: 90 KiB`, () => {
      const html = renderHtml(fleetReport(jobs), language);
      expect(Buffer.byteLength(html)).toBeLessThanOrEqual(MAX_HTML_BYTES);
      // Whatever is left out, the news and the actions are not.
      expect(html.match(/<div class="card/g)).toHaveLength(5);
      if (jobs <= 100) expect(html.match(/<div class="job">/g)).toHaveLength(jobs);
    });
  }
});

describe('names from Flink are inert', () => {
  it('no text makes a tag or an entity of its own in HTML', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (name) => {
        const escaped = escapeHtml(name);
        expect(escaped).not.toMatch(/[<>"']/);
        expect(escaped.replace(/&#\d+;/g, '')).not.toContain('&');
      }),
    );
  });

  it('no text makes a link, emphasis, code, tag or line in Markdown', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        const escaped = escapeMarkdown(name);
        expect(escaped.replace(/\\[\\`*_{}[\]<>()#+!|~]/g, '')).not.toMatch(/[\\`*_{}[\]<>()#+!|~]/);
        // eslint-disable-next-line no-control-regex -- that none is left is the claim
        expect(escaped).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
      }),
    );
  });

  it('a diff cannot end its own fence', () => {
    const nasty = proposal('gc-pressure', { diffs: { sql: '```\n# head\n````' } });
    const section = sectionOf({ now: weekOf(WEEK, (hour) => ({ ...firing(0, 168, gc)(hour), proposals: [nasty] })) });
    expect(renderReport(reportOf([section]), 'markdown', 'en')).toContain('`````diff\n```\n# head\n````\n`````');
  });
});
