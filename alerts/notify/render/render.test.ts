import { describe, expect, it } from 'vitest';
import { itemWith, noticeWith } from '../../testing/build.js';
import type { Notice } from '../notice.js';
import { dingtalkMessage } from '../send/dingtalk.js';
import { feishuMessage } from '../send/feishu.js';
import { slackMessage } from '../send/slack.js';
import { wecomMessage } from '../send/wecom.js';
import { byteLength, clip, clipBytes } from './cut.js';
import { mailHtml, mailSubject, mailText } from './mail.js';

const ONCE = { isRepeated: false, nowMs: 0 };
const HOSTILE =
  '<script>alert(1)</script> <!channel> <at id=all></at> [x](http://evil.example) ![i](j) `c` **b** & "q"\n# h';
const LONG = '数据倾斜：单个键承载了绝大部分记录'.repeat(60);

const hostile = noticeWith({
  headline: HOSTILE,
  items: [
    itemWith({ jobName: HOSTILE, vertex: HOSTILE, title: HOSTILE, summary: HOSTILE, evidence: [HOSTILE, HOSTILE] }),
  ],
});
const huge: Notice = noticeWith({
  language: 'zh-CN',
  headline: LONG,
  items: Array.from({ length: 10 }, (_, i) =>
    itemWith({
      findingId: `f${i}`,
      jobName: LONG,
      vertex: LONG,
      title: LONG,
      summary: LONG,
      evidence: [LONG, LONG],
      action: { title: LONG, diff: Array.from({ length: 8 }, () => '+ k: v').join('\n') },
    }),
  ),
  more: 5,
});

describe('cuts', () => {
  const table: readonly (readonly [value: string, max: number, characters: string, bytes: string])[] = [
    ['abc', 3, 'abc', 'abc'],
    ['abcdef', 5, 'abcd…', 'ab…'],
    ['数据倾斜', 3, '数据…', '…'],
    ['ab😀cd', 4, 'ab…', 'a…'],
  ];
  it.each(table)('%s to %i', (value, max, characters, bytes) => {
    expect(clip(value, max)).toBe(characters);
    expect(clipBytes(value, max)).toBe(bytes);
  });
});

describe('a message that is too long', () => {
  it('keeps to the blocks, header and sections of Slack', () => {
    const { blocks } = slackMessage(huge, ONCE);
    expect(blocks.length).toBeLessThanOrEqual(50);
    for (const { type, text } of blocks) expect(text.text.length).toBeLessThanOrEqual(type === 'header' ? 150 : 3_000);
  });
  it('keeps to 4096 bytes for WeCom, whole characters and the cause first', () => {
    const { content } = wecomMessage(huge, ONCE).markdown;
    expect(byteLength(content)).toBeLessThanOrEqual(4_096);
    expect(content).not.toContain('\ufffd');
    expect(content.startsWith('**数据倾斜')).toBe(true);
  });
  it('keeps to 20 KB for Feishu', () => {
    expect(byteLength(JSON.stringify(feishuMessage(huge, ONCE, 'secret')))).toBeLessThanOrEqual(20_000);
  });
  it('keeps to 20 000 bytes for DingTalk', () => {
    expect(byteLength(JSON.stringify(dingtalkMessage(huge, ONCE)))).toBeLessThanOrEqual(20_000);
  });
  it('gives up diffs before evidence, and evidence before the action', () => {
    const long = `+ a: 2\n${'+ some.very.long.option.of.flink: with-an-even-longer-value-in-it\n'.repeat(7)}`;
    const wide = (diff: string, evidence: string): Notice =>
      noticeWith({
        items: Array.from({ length: 6 }, (_, i) =>
          itemWith({ findingId: `f${i}`, evidence: [evidence], action: { title: 'Do it', diff } }),
        ),
      });
    const shown = (notice: Notice) => {
      const { content } = wecomMessage(notice, ONCE).markdown;
      return ['+ a: 2', 'Evidence', 'Do first'].map((part) => content.includes(part));
    };
    expect(shown(wide('+ a: 2', 'busy'))).toEqual([true, true, true]);
    expect(shown(wide(long, 'busy'))).toEqual([false, true, true]);
    expect(shown(wide(long, 'e'.repeat(390)))).toEqual([false, false, true]);
  });
});

describe('names that come from Flink', () => {
  it('are no mention, link or code in Slack', () => {
    const text = JSON.stringify(slackMessage(hostile, ONCE));
    expect(text).not.toMatch(/<!|<script|<at /);
    expect(text).toContain('&lt;!channel&gt;');
  });
  it.each([
    ['DingTalk', () => dingtalkMessage(hostile, ONCE).markdown.text],
    ['WeCom', () => wecomMessage(hostile, ONCE).markdown.content],
    ['Feishu', () => JSON.stringify(feishuMessage(hostile, ONCE, undefined).card.elements)],
  ])('are no tag, mention, link or image in %s', (_vendor, render) => {
    const text = render();
    expect(text).not.toMatch(/<script|<at|<!|\]\(http:\/\/evil|!\[i/);
    expect(text).toContain('‹script>');
  });
  it('are no tag in mail, and no line of its header', () => {
    expect(mailHtml(hostile, false)).not.toMatch(/<script|<at |<!channel/);
    expect(mailHtml(hostile, false)).toContain('&#60;script&#62;');
    expect(mailText(hostile, false)).toContain('<script>');
  });
});

it('a diff keeps its signs and is no list', () => {
  expect(dingtalkMessage(noticeWith(), ONCE).markdown.text).toContain('> − a: 1\n\n> ＋ a: 2');
  expect(JSON.stringify(feishuMessage(noticeWith(), ONCE, undefined))).toContain('− a: 1\\n＋ a: 2');
  expect(wecomMessage(noticeWith(), ONCE).markdown.content).toContain('`- a: 1`\n`+ a: 2`');
});

describe('a mail', () => {
  it('has one column, no script, image or style sheet, and the same facts as its text', () => {
    const html = mailHtml(noticeWith(), false);
    expect(html).not.toMatch(/<script|<img|<style|<link|@import/);
    for (const fact of ['45 % of the records', 'Keyed Aggregate', 'busy: 98 %', 'Aggregate in two phases', '+ a: 2']) {
      expect(html).toContain(fact);
      expect(mailText(noticeWith(), false)).toContain(fact);
    }
    expect(html).toContain('href="https://weir.example/jobs/prod-a/a1b2?at=1&#38;lang=en"');
  });
  it('says in its subject what it is about', () => {
    expect(mailSubject(noticeWith())).toBe('[Weir] orders (prod-a): One key carries 45 % of the records');
  });
});

describe('every kind of message', () => {
  const table: readonly (readonly [string, Notice, readonly string[], readonly string[]])[] = [
    ['a beginning', noticeWith(), ['[critical]', 'Evidence', 'Do first', '+ a: 2', 'Open in Weir'], ['resolved']],
    ['an end', noticeWith({ kind: 'resolved' }), ['[resolved]', 'Keyed Aggregate'], ['Evidence', 'Do first', '+ a: 2']],
    ['many jobs', noticeWith({ kind: 'many-jobs', more: 7 }), ['Do first', 'and 7 more'], ['Evidence', '+ a: 2']],
    [
      'a lost cluster',
      noticeWith({ kind: 'cluster-unknown', items: [], headline: 'Cluster a cannot be read' }),
      ['Cluster a cannot be read', 'Open in Weir'],
      ['Evidence'],
    ],
    ['Chinese', noticeWith({ language: 'zh-CN' }), ['严重', '依据', '首要操作', '在 Weir 中打开'], ['Evidence']],
  ];
  it.each(table)('%s says what belongs to it', (_what, notice, has, lacks) => {
    for (const text of [mailText(notice, false), wecomMessage(notice, ONCE).markdown.content]) {
      for (const part of has) expect(text).toContain(part);
      for (const part of lacks) expect(text).not.toContain(part);
    }
  });

  it.each([
    ['Slack', () => JSON.stringify(slackMessage(noticeWith(), { isRepeated: true }))],
    ['WeCom', () => JSON.stringify(wecomMessage(noticeWith(), { isRepeated: true }))],
    ['DingTalk', () => JSON.stringify(dingtalkMessage(noticeWith(), { isRepeated: true }))],
    ['Feishu', () => JSON.stringify(feishuMessage(noticeWith(), { isRepeated: true, nowMs: 0 }, undefined))],
    ['mail', () => mailText(noticeWith(), true) + mailHtml(noticeWith(), true)],
  ])('says in %s that it may be a repetition', (_vendor, render) => {
    expect(render()).toContain('Possibly sent before');
  });
});
