import { describe, expect, it } from 'vitest';
import { RULES } from '../rules/index.js';
import { accessFrom } from './access-flags.js';
import { analysisOptions } from './analysis-options.js';
import { clusterFromUrl } from './clusters.js';
import { UsageError } from './config/load.js';

describe('--flink URL', () => {
  it.each([
    ['http://jobmanager:8081', 'jobmanager-8081'],
    ['https://flink.example/prefix/', 'flink.example'],
    ['http://10.0.0.1', '10.0.0.1'],
    ['http://[::1]:8081', '---1--8081'],
  ])('%s is called %s', (url, name) => {
    expect(clusterFromUrl(url, new Set())).toEqual({ name, url });
  });

  it('a second one of the same host gets a number', () => {
    expect(clusterFromUrl('http://a:1', new Set(['a-1'])).name).toBe('a-1-2');
  });

  it.each(['', 'jobmanager', 'jobmanager:8081', 'ftp://a', 'file:///etc/passwd'])('%j is refused in words', (url) => {
    expect(() => clusterFromUrl(url, new Set())).toThrow(UsageError);
  });
});

describe('--header, --token-file, --ca, --cert, --key', () => {
  it.each([
    [{}, {}],
    [{ header: ['X-A: b', 'Cookie:c=d: e'] }, { auth: { headers: { 'X-A': 'b', Cookie: 'c=d: e' } } }],
    [{ tokenFile: '/t' }, { auth: { headers: {}, bearerTokenFile: '/t' } }],
    [{ ca: 'a', cert: 'b', key: 'c' }, { tls: { ca: 'a', cert: 'b', key: 'c' } }],
  ])('%j', (flags, access) => {
    expect(accessFrom(flags)).toEqual(access);
  });

  it.each(['nonsense', ': b', 'A:', 'A B: c'])('--header %j is refused', (header) => {
    expect(() => accessFrom({ header: [header] })).toThrow('write it as "Name: value"');
  });
});

describe('rule settings of one job', () => {
  const config = {
    disable: ['par-over'],
    options: { 'gc-pressure': { warningRatio: 0.1 } },
    overrides: [
      { cluster: 'a', disable: ['slots-idle'], options: { 'gc-pressure': { warningRatio: 0.2 } } },
      { job: 'orders', disable: [], options: { 'gc-pressure': { warningRatio: 0.3 } } },
      { cluster: 'a', job: 'orders', disable: ['tm-lost'], options: {} },
    ],
  };
  const options = analysisOptions(RULES, config);

  it.each([
    ['b', 'other', 0.1, ['par-over']],
    ['a', 'other', 0.2, ['par-over', 'slots-idle']],
    ['b', 'orders', 0.3, ['par-over']],
    ['a', 'orders', 0.3, ['par-over', 'slots-idle', 'tm-lost']],
  ])('%s / %s: warningRatio %d, without %j', (cluster, job, warningRatio, disabled) => {
    expect(options(cluster, job)).toMatchObject({ settings: { 'gc-pressure': { warningRatio } }, disabled });
  });
});
