import { describe, expect, it } from 'vitest';
import { parseClusterList } from './cluster-list.js';

const parse = (text: string) => parseClusterList(text, 'file clusters.yaml');

describe('a file of clusters', () => {
  const A = { name: 'a', urls: ['http://a:8081'], source: 'file clusters.yaml' };
  const good: readonly (readonly [string, string, readonly object[]])[] = [
    ['a list', '- { name: a, url: "http://a:8081" }', [A]],
    ['under its key', 'clusters:\n  - { name: a, url: "http://a:8081" }', [A]],
    ['JSON', '[{"name":"a","url":["http://a:8081"]}]', [A]],
    ['nothing', '', []],
    ['an empty list', 'clusters: []', []],
    ['its key alone', 'clusters:', []],
    [
      'a History Server',
      '- { name: a, url: "http://a:8081", kind: history-server }',
      [{ ...A, kind: 'history-server' }],
    ],
    ['a cluster that says so', '- { name: a, url: "http://a:8081", kind: cluster }', [A]],
    [
      'all that a cluster may have',
      '- { name: a, url: "http://a:8081", owner: team, proxy: none, auth: { bearerTokenFile: t }, tls: { ca: c.pem } }',
      [{ ...A, owner: 'team', access: { proxy: 'none', auth: { bearerTokenFile: 't' }, tls: { caFile: 'c.pem' } } }],
    ],
    [
      'reporters by their URLs',
      '- { name: a, url: "http://a:8081", reporters: ["http://tm-1:9249/metrics"] }',
      [{ ...A, reporters: { urls: ['http://tm-1:9249/metrics'] } }],
    ],
    [
      'reporters behind a DNS name, with the port and path of Flink',
      '- { name: a, url: "http://a:8081", reporters: { dns: flink-metrics } }',
      [{ ...A, reporters: { dns: 'flink-metrics', port: 9249, path: '/metrics' } }],
    ],
    [
      'the server that scrapes the reporters',
      '- { name: a, url: "http://a:8081", prometheus: { url: "http://p:9090", match: { namespace: prod }, proxy: none } }',
      [{ ...A, prometheus: { url: 'http://p:9090', match: { namespace: 'prod' }, access: { proxy: 'none' } } }],
    ],
  ];
  it.each(good)('%s', (_what, text, clusters) => {
    expect(parse(text)).toEqual({ ok: true, clusters });
  });

  const bad: readonly (readonly [string, string, RegExp])[] = [
    ['no YAML', 'a: [', /\S/],
    ['a text', 'clusters', /^clusters: /],
    ['another key', 'cluster: []', /^clusters: /],
    ['a cluster without a URL', '- { name: a }', /^0\.url: /],
    ['an unknown key', '- { name: a, url: "http://a", pasword: x }', /^0\.pasword: unknown key$/],
    ['a name twice', '- { name: a, url: "http://a" }\n- { name: a, url: "http://b" }', /the name "a" is used twice/],
    ['a reporter that is no URL', '- { name: a, url: "http://a", reporters: [tm-1] }', /^0\.reporters/],
    [
      'both ways to the reporters',
      '- { name: a, url: "http://a", reporters: ["http://t/"], prometheus: { url: "http://p" } }',
      /^0\.prometheus: .*not both/,
    ],
    ['many mistakes', '[1, 2, 3, 4, 5, 6, 7]', /^0: .*; 4: .* and 2 more$/],
  ];
  it.each(bad)('%s is told', (_what, text, says) => {
    const parsed = parse(text);
    expect(parsed.ok ? '' : parsed.problem).toMatch(says);
  });
});
