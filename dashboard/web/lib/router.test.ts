import { describe, expect, it } from 'vitest';
import { belowBase, lastingQuery, parseRoute, patchQuery, routePath, toggleWord, type Route } from './router.ts';

describe('addresses', () => {
  const pairs: [string, Route][] = [
    ['/', { page: 'fleet' }],
    ['/jobs/prod-a/a1b2', { page: 'job', cluster: 'prod-a', jobId: 'a1b2' }],
    ['/jobs/eu%2Fwest/%E8%AE%A2', { page: 'job', cluster: 'eu/west', jobId: '订' }],
    ['/rules', { page: 'rules' }],
    ['/rules/skew-hot-key', { page: 'rule', id: 'skew-hot-key' }],
    ['/status', { page: 'status' }],
  ];
  it.each(pairs)('%s is read and written back', (path, route) => {
    expect(parseRoute(path)).toEqual(route);
    expect(routePath(route)).toBe(path);
  });

  it.each(['/nothing', '/jobs/only-cluster', '/rules/a/b', '/jobs/a/%E0%A4%A'])('%s is no page', (path) => {
    expect(parseRoute(path)).toEqual({ page: 'missing', path });
  });

  it('takes the base path away, and refuses what is not below it', () => {
    expect(belowBase('/weir/jobs/a/b', '/weir/')).toBe('/jobs/a/b');
    expect(belowBase('/weir', '/weir/')).toBe('/');
    expect(belowBase('/weird', '/weir/')).toBeUndefined();
    expect(belowBase('/rules', '/')).toBe('/rules');
  });
});

describe('queries', () => {
  it('sets and removes keys and keeps the rest', () => {
    expect(patchQuery('?lang=en&v=1', { v: null, s: '3' })).toBe('?lang=en&s=3');
    expect(patchQuery('?v=1', { v: '' })).toBe('');
  });
  it('keeps language and theme from page to page', () => {
    expect(lastingQuery('?v=1&lang=zh-CN&theme=dark&q=x')).toBe('?lang=zh-CN&theme=dark');
    expect(lastingQuery('?v=1')).toBe('');
  });
  it('toggles a word of a list', () => {
    expect(toggleWord('a,b', 'b')).toBe('a');
    expect(toggleWord('', 'b')).toBe('b');
  });
});
