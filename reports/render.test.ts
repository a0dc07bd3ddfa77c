import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { text } from '../analyzer/text.js';
import type { FindingLine, WeeklyReport } from './model.js';
import { escapeHtml, escapeMarkdown, renderHtml, renderMarkdown, renderText } from './render.js';

const HAN = /\p{Script=Han}/u;
const line = (own: Partial<FindingLine> = {}): FindingLine => ({
  rule: 'gc-pressure',
  title: text('A TaskManager collects garbage', '一个 TaskManager 在回收垃圾'),
  severity: 'critical',
  firstSeenMs: 0,
  lastSeenMs: 1,
  firingMs: 7_200_000,
  openNow: true,
  ...own,
});
const report = (own: Partial<WeeklyReport> = {}): WeeklyReport => ({
  week: '2026-W47',
  fromMs: 0,
  toMs: 1,
  jobsWatched: 2,
  jobsWithFindings: 1,
  sections: [
    {
      cluster: 'prod-a',
      jobName: 'orders',
      watchedMs: 1,
      findings: [line(), line({ rule: 'par-over', severity: 'info', openNow: false })],
    },
    { cluster: 'prod-a', jobName: 'quiet', watchedMs: 1, findings: [] },
  ],
  ...own,
});
const RENDERERS = [
  ['HTML', renderHtml],
  ['Markdown', renderMarkdown],
  ['text', renderText],
] as const;

describe.each(RENDERERS)('%s', (_, render) => {
  it('names the week, each job, each finding with its rule, its time and whether it is open', () => {
    const made = render(report(), 'en').replaceAll('\\', '');
    for (const words of [
      'Flink tuning report 2026-W47',
      '2 jobs watched, 1 with findings',
      'orders',
      'quiet',
      'prod-a',
    ])
      expect(made).toContain(words);
    expect(made).toMatch(/critical.*A TaskManager collects garbage \(gc-pressure; firing for 2 h; still open\)/);
    expect(made).toMatch(/info.*\(par-over; firing for 2 h\)/);
    expect(made).toContain('Nothing was found.');
  });

  it('speaks Chinese throughout', () => {
    const made = render(report(), 'zh-CN').replaceAll('\\', '');
    for (const words of [
      'Flink 调优周报 2026-W47',
      '一个 TaskManager 在回收垃圾',
      '严重',
      '仍未解决',
      '没有发现问题。',
    ])
      expect(made).toContain(words);
    expect(made).not.toMatch(/still open|Nothing was found|firing for|watched/);
  });

  it('of a week without jobs says that', () => {
    const empty = report({ jobsWatched: 0, jobsWithFindings: 0, sections: [] });
    expect(render(empty, 'en')).toContain('No job was watched in this week.');
    expect(render(empty, 'zh-CN')).toMatch(HAN);
  });
});

describe('the page stands alone', () => {
  it('has its language, one heading, no script, and loads nothing', () => {
    const page = renderHtml(report(), 'zh-CN');
    expect(page).toMatch(/^<!doctype html>\n<html lang="zh-CN">/);
    expect(page.match(/<h1>/g)).toHaveLength(1);
    expect(page).not.toMatch(/<script|src=|href=|url\(|@import/);
  });

  it('of a hundred jobs is small enough for a mail: 90 KiB', () => {
    const sections = Array.from({ length: 100 }, (__, i) => ({
      cluster: 'prod-a',
      jobName: `team-${i}-a-job-with-an-ordinary-name`,
      watchedMs: 1,
      findings: [line(), line({ rule: 'ckpt-async' }), line({ rule: 'par-over' })],
    }));
    expect(Buffer.byteLength(renderHtml(report({ sections }), 'zh-CN'))).toBeLessThan(90 * 1024);
  });
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
});
