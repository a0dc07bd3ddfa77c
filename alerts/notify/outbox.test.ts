import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { itemWith, noticeWith } from '../testing/build.js';
import type { Entry } from './entries.js';
import type { Notice } from './notice.js';
import { Outbox } from './outbox.js';
import type { Parcel } from './parcel.js';

let dir = '';
let path = '';
const problems: string[] = [];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'weir-outbox-'));
  path = join(dir, 'alerts', 'outbox.jsonl');
  problems.length = 0;
});
afterEach(() => rmSync(dir, { recursive: true }));

const open = (): Outbox => new Outbox(path, (problem) => problems.push(problem));
const TOLD: Entry = { what: 'finding', route: 'all', cluster: 'prod-a', item: itemWith(), noticeId: 'n1', toldMs: 5 };
const LOST: Entry = { what: 'cluster', route: 'all', cluster: 'prod-b', sinceMs: 1, noticeId: 'n2', toldMs: 5 };
const N1 = noticeWith({ id: 'n1' });
const N2 = noticeWith({ id: 'n2', kind: 'resolved' });

function keep(
  outbox: Outbox,
  notices: readonly Notice[],
  entries: readonly (readonly [string, Entry | undefined])[] = [],
): void {
  outbox.commit({ entries: new Map(entries), notices }, () => ['chat', 'mail'], 100);
}
function first(outbox: Outbox, channel = 'chat'): Parcel {
  const [parcel] = outbox.waitingFor(channel);
  if (parcel === undefined) throw new Error(`nothing waits for ${channel}`);
  return parcel;
}
const ids = (outbox: Outbox, channel = 'chat'): readonly string[] => outbox.waitingFor(channel).map(({ id }) => id);

describe('after a restart', () => {
  it('what was told and what is on its way is there, in order, for each channel', () => {
    const before = open();
    keep(
      before,
      [N1, N2],
      [
        ['a', TOLD],
        ['b', LOST],
        ['c', TOLD],
      ],
    );
    keep(before, [], [['c', undefined]]);
    // No close: the process just dies.
    const after = open();
    expect([...after.entries]).toEqual([
      ['a', TOLD],
      ['b', LOST],
    ]);
    expect(ids(after)).toEqual(['n1.chat', 'n2.chat']);
    expect(ids(after, 'mail')).toEqual(['n1.mail', 'n2.mail']);
    expect(first(after)).toEqual({
      id: 'n1.chat',
      channel: 'chat',
      notice: N1,
      createdMs: 100,
      attempts: 0,
      nextMs: 100,
      isRepeated: false,
      folded: 0,
    });
    expect(problems).toEqual([]);
  });

  it('what was sent is not there', () => {
    const before = open();
    keep(before, [N1, N2]);
    before.trying(first(before));
    before.end('n1.chat');
    expect(ids(open())).toEqual(['n2.chat']);
  });

  it('what was being sent is marked as possibly repeated, and nothing else is', () => {
    const before = open();
    keep(before, [N1, N2]);
    before.trying(first(before));
    const after = open();
    expect(after.waitingFor('chat').map(({ id, isRepeated, attempts }) => [id, isRepeated, attempts])).toEqual([
      ['n1.chat', true, 1],
      ['n2.chat', false, 0],
    ]);
    expect(first(after, 'mail').isRepeated).toBe(false);
  });

  it('what surely failed is not marked, and waits as long as it would have', () => {
    const before = open();
    keep(before, [N1]);
    before.trying(first(before));
    before.late('n1.chat', 9_000, false);
    expect(first(open())).toMatchObject({ isRepeated: false, attempts: 1, nextMs: 9_000 });
  });

  it('the mark stays although the file was written anew in mid-send', () => {
    const before = open();
    keep(before, [N1]);
    before.trying(first(before));
    open().close();
    expect(first(open()).isRepeated).toBe(true);
  });

  it('one stands for those that were folded', () => {
    const before = open();
    keep(before, [N1, N2]);
    before.fold(['n1.chat', 'n2.chat'], { ...first(before), id: 'all.chat', folded: 2 });
    expect(ids(open())).toEqual(['all.chat']);
    expect(ids(open(), 'mail')).toEqual(['n1.mail', 'n2.mail']);
  });
});

describe('a damaged file', () => {
  it('whose last line was being written loses that line only', () => {
    const before = open();
    keep(before, [N1]);
    keep(before, [N2]);
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.slice(0, -40));
    expect(ids(open())).toEqual(['n1.chat']);
    expect(problems).toEqual([]);
  });

  it('is said, and the rest is read', () => {
    keep(open(), [N1]);
    appendFileSync(path, 'what is this\n{"op":"put"}\n');
    expect(ids(open())).toEqual(['n1.chat']);
    expect(problems).toEqual([expect.stringContaining('2 line(s) cannot be read')]);
  });
});

describe('the file', () => {
  it('is for its owner’s eyes', () => {
    open();
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('does not grow without end', () => {
    const outbox = open();
    for (let i = 0; i < 60; i += 1) {
      keep(outbox, [noticeWith({ id: `n${i}`, headline: 'x'.repeat(100_000) })]);
      outbox.end(`n${i}.chat`);
      outbox.end(`n${i}.mail`);
    }
    expect(statSync(path).size).toBeLessThan(5 * 1024 * 1024);
    expect(ids(open())).toEqual([]);
  });

  it('that cannot be written is said once, and messages are held all the same', () => {
    const blocked = join(dir, 'file');
    writeFileSync(blocked, '');
    const outbox = new Outbox(join(blocked, 'outbox.jsonl'), (problem) => problems.push(problem));
    keep(outbox, [N1]);
    keep(outbox, [N2]);
    expect(ids(outbox)).toEqual(['n1.chat', 'n2.chat']);
    expect(problems).toEqual([expect.stringContaining('a restart may repeat or lose some')]);
  });

  it('is none without a path', () => {
    const outbox = new Outbox(undefined, (problem) => problems.push(problem));
    keep(outbox, [N1]);
    expect(ids(outbox)).toEqual(['n1.chat']);
    expect(problems).toEqual([]);
  });
});
