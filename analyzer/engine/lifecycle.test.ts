import { describe, expect, it } from 'vitest';
import { only } from '../testing/must.js';
import { text } from '../text.js';
import type { Finding } from './finding.js';
import { advance, type Life, type Lives } from './lifecycle.js';
import type { AnyRule, Outcome } from './rule.js';

const RULE_ID = 'bp-x';
const rule = (opens: AnyRule['opens']): AnyRule => ({
  id: RULE_ID,
  category: 'test',
  title: text('t', 't'),
  severityMax: 'critical',
  basis: 'measured',
  needs: [],
  options: {},
  opens,
  appliesTo: 'running',
  detect: () => [],
  advise: () => [],
});
const finding: Finding = {
  rule: RULE_ID,
  category: 'test',
  severity: 'warning',
  confidence: 1,
  basis: 'measured',
  subject: { kind: 'vertex', vertexId: 'map' },
  title: text('t', 't'),
  summary: text('s', 's'),
  evidence: [],
  wouldChange: [],
  notSeen: [],
};
const OUTCOMES: Readonly<Record<string, Outcome>> = {
  x: { rule: RULE_ID, status: 'findings', findings: [finding] },
  o: { rule: RULE_ID, status: 'clear' },
  s: { rule: RULE_ID, status: 'skipped', reason: text('why', '因') },
  c: { rule: RULE_ID, status: 'crashed', error: 'boom' },
};

/**
 * One letter for each beat: x found, o clear, s skipped, c crashed; a capital letter repeats the reading of the beat
 * before. The answer has one letter for each beat: p pending, f firing, r resolved, - nothing.
 */
function story(
  beats: string,
  everyMs = 10_000,
  opens: AnyRule['opens'] = 'persisting',
): { line: string; last: Life | undefined } {
  let lives: Lives = new Map();
  let readingMs = 0;
  const line = [...beats].map((letter, i) => {
    const outcome = OUTCOMES[letter.toLowerCase()];
    if (outcome === undefined) throw new Error(`no outcome for ${letter}`);
    const nowMs = (i + 1) * everyMs;
    if (letter === letter.toLowerCase()) readingMs = nowMs;
    lives = advance(lives, [outcome], [rule(opens)], { cluster: 'c', jobName: 'j', nowMs, readingMs });
    return [...lives.values()].map(({ state }) => state[0]).join('') || '-';
  });
  return { line: line.join(''), last: [...lives.values()][0] };
}

describe('the life of a finding', () => {
  const table: readonly (readonly [string, string, string])[] = [
    ['opens after three distinct readings over 30 s', 'xxxx', 'pppf'],
    ['a repeated reading does not count', 'xXXXXxx', 'ppppppf'],
    ['a clear reading before it opens ends it', 'xxoxxxx', 'pp-pppf'],
    ['so does one that cannot be judged', 'xxsxxxx', 'pp-pppf'],
    ['closes after four clear readings over 45 s', 'xxxxooooo', 'pppfffffr'],
    ['a repeated clear reading does not count', 'xxxxoooOOo', 'pppffffffr'],
    ['one more sign of it begins the count anew', 'xxxxoooxooooo', 'pppfffffffffr'],
    ['is held while the rule cannot judge', 'xxxxsssss', 'pppffffff'],
    ['a crash of its rule holds it too', 'xxxxccc', 'pppffff'],
    ['opens anew after it was resolved', 'xxxxoooooxxxx', 'pppfffffrpppf'],
  ];
  it.each(table)('%s', (_claim, beats, states) => {
    expect(story(beats).line).toBe(states);
  });

  it('fast beats need the 30 s, slow beats the three readings', () => {
    expect(story('xxxxxx', 6_000).line).toBe('pppppf');
    expect(story('xxx', 60_000).line).toBe('ppf');
  });

  it('opens at once where the evidence is itself several events', () => {
    expect(story('x', 10_000, 'at-once').line).toBe('f');
  });

  it('is held for three minutes at most', () => {
    expect(story(`xxxx${'s'.repeat(18)}`).line.slice(-2)).toBe('fr');
  });

  it('is kept for half an hour after it was resolved, then forgotten', () => {
    const kept = story(`xxxxooooo${'o'.repeat(180)}`);
    expect(kept.line.at(-1)).toBe('r');
    expect(story(`xxxxooooo${'o'.repeat(182)}`).line.at(-1)).toBe('-');
  });

  it('knows when it was first and last seen, and when it ended', () => {
    expect(story('xxxxooooo').last).toMatchObject({ firstSeenMs: 10_000, lastSeenMs: 40_000, resolvedMs: 90_000 });
  });

  it('shows the latest figures under the same id', () => {
    const beat = { cluster: 'c', jobName: 'j', nowMs: 10_000, readingMs: 10_000 };
    const first = advance(
      new Map(),
      [{ rule: RULE_ID, status: 'findings', findings: [finding] }],
      [rule('persisting')],
      beat,
    );
    const worse: Finding = { ...finding, severity: 'critical', subject: { ...finding.subject, subtasks: [3] } };
    const second = advance(first, [{ rule: RULE_ID, status: 'findings', findings: [worse] }], [rule('persisting')], {
      ...beat,
      nowMs: 20_000,
      readingMs: 20_000,
    });
    expect([...second.keys()]).toEqual([...first.keys()]);
    expect(only([...second.values()]).finding.severity).toBe('critical');
  });

  it('tells two subjects apart', () => {
    const other: Finding = { ...finding, subject: { kind: 'vertex', vertexId: 'sink' } };
    const lives = advance(
      new Map(),
      [{ rule: RULE_ID, status: 'findings', findings: [finding, other] }],
      [rule('persisting')],
      {
        cluster: 'c',
        jobName: 'j',
        nowMs: 1,
        readingMs: 1,
      },
    );
    expect(lives.size).toBe(2);
  });
});
