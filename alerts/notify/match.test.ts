import { describe, expect, it } from 'vitest';
import { globMatches, routesFor, routesForCluster } from './match.js';
import type { Match, Route } from './settings.js';

const route = (name: string, match: Partial<Match> = {}, goesOn = false): Route => ({
  name,
  channels: ['c'],
  match: { severity: 'warning', ...match },
  goesOn,
  language: 'en',
  groupWaitMs: 0,
  repeatMs: 1,
  tellsResolved: true,
});
const MATCHED = { cluster: 'prod-a', owner: 'payments', jobName: 'orders-enrich', severity: 'warning' } as const;

describe('routes', () => {
  const table: readonly (readonly [string, readonly Route[], readonly string[]])[] = [
    ['without conditions take all', [route('a')], ['a']],
    ['are asked in order, and the first takes it', [route('a'), route('b')], ['a']],
    ['go on where they say so', [route('a', {}, true), route('b'), route('c')], ['a', 'b']],
    ['by owner', [route('a', { owners: ['search'] }), route('b', { owners: ['payments'] })], ['b']],
    ['by cluster, as a glob', [route('a', { clusters: ['dev-*'] }), route('b', { clusters: ['prod-?'] })], ['b']],
    ['by job, as a glob', [route('a', { jobs: ['pay*'] }), route('b', { jobs: ['x', 'orders-*'] })], ['b']],
    ['by severity', [route('a', { severity: 'critical' }), route('b')], ['b']],
    ['by all of their conditions', [route('a', { owners: ['payments'], jobs: ['x'] })], []],
  ];
  it.each(table)('%s', (_claim, routes, names) => {
    expect(routesFor(routes, MATCHED).map(({ name }) => name)).toEqual(names);
  });

  it('by owner take nothing of a cluster that nobody owns', () => {
    expect(routesFor([route('a', { owners: ['payments'] })], { ...MATCHED, owner: undefined })).toEqual([]);
  });

  it('of a lost cluster are those that one of its jobs would have taken', () => {
    const routes = [route('orders', { jobs: ['orders*'] }), route('pay', { jobs: ['pay*'] }), route('rest')];
    const names = (jobNames: readonly string[]) =>
      routesForCluster(routes, { cluster: 'c', owner: undefined, jobNames }).map(({ name }) => name);
    expect(names(['orders-1', 'other'])).toEqual(['orders', 'rest']);
    expect(names([])).toEqual(['rest']);
  });
});

describe('a glob', () => {
  const table: readonly (readonly [string, string, boolean])[] = [
    ['', '', true],
    ['*', '', true],
    ['a', 'ab', false],
    ['a*', 'ab', true],
    ['*b', 'aab', true],
    ['a*c*e', 'abcde', true],
    ['a*c*e', 'abcd', false],
    ['?', '', false],
    ['a.c', 'abc', false],
    ['订*', '订单', true],
    ['*a*a*a*a*a*a*a*b', 'a'.repeat(5_000), false],
  ];
  it.each(table)('%s on %s: %s', (glob, text, is) => {
    expect(globMatches(glob, text)).toBe(is);
  });
});
