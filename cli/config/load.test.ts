import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { RULES } from '../../rules/index.js';
import { loadConfig, UsageError, type LoadInput } from './load.js';
import type { Config } from './schema.js';

const dir = mkdtempSync(join(tmpdir(), 'weir-config-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

let files = 0;
function fileWith(yaml: string): string {
  files += 1;
  const path = join(dir, `${files}.yaml`);
  writeFileSync(path, yaml);
  return path;
}

const load = (yaml: string, more: Partial<LoadInput> = {}): Config =>
  loadConfig({ file: fileWith(yaml), env: {}, flags: {}, rules: RULES, ...more });

function problemsOf(act: () => unknown): readonly string[] {
  try {
    act();
  } catch (error) {
    if (error instanceof UsageError) return error.problems;
    throw error;
  }
  return [];
}

const FLINK = 'http://jobmanager:8081';

describe('good configurations', () => {
  it('nothing at all is one: every key has its default', () => {
    expect(load('')).toEqual({
      server: { listen: '127.0.0.1:8080', insecure: false, basePath: '/' },
      clusters: [],
      discovery: { files: [] },
      collect: { interval: 10_000, maxRequestsPerSecond: 20, timeout: 5000 },
      store: {
        kind: 'duckdb',
        dir: './weir-data',
        retention: { raw: 259_200_000, rollup: 7_776_000_000 },
        maxBytes: 21_474_836_480,
        minFreeBytes: 1_073_741_824,
        recordings: { maxBytes: 536_870_912, maxTasks: 1000 },
        database: 'weir',
      },
      shard: { index: 0, count: 1, peers: [] },
      alerts: { channels: [], routes: [] },
      rules: { disable: [], options: {}, overrides: [] },
      reports: { schedule: '0 7 * * 1', timeZone: 'UTC', language: 'en', mail: { to: [] }, owners: {} },
      cost: { clusters: {} },
    });
  });

  it('the example file is one', () => {
    const path = new URL('../../weir.example.yaml', import.meta.url);
    expect(load(readFileSync(path, 'utf8')).clusters).toEqual([
      { name: 'prod-a', url: 'http://127.0.0.1:8081', owner: 'team-payments' },
    ]);
  });

  const good: readonly { readonly yaml: string; readonly has: object }[] = [
    { yaml: '# only a comment', has: { clusters: [] } },
    { yaml: 'server: { listen: "[::1]:0" }', has: { server: { listen: '[::1]:0' } } },
    { yaml: 'server: { listen: "weir.internal:80" }', has: { server: { listen: 'weir.internal:80' } } },
    { yaml: 'server: { basePath: /flink/weir/ }', has: { server: { basePath: '/flink/weir/' } } },
    { yaml: 'reports: { schedule: none }', has: { reports: { schedule: 'none' } } },
    {
      yaml: 'reports: { schedule: "30 6 * * 2", timeZone: Asia/Shanghai, language: zh-CN, mail: { to: [a@example.org] } }',
      has: { reports: { schedule: '30 6 * * 2', timeZone: 'Asia/Shanghai', mail: { to: ['a@example.org'] } } },
    },
    {
      yaml: `clusters: [{ name: a, url: ${FLINK}, owner: us }]\nreports: { owners: { us: { mail: { to: [u@example.org] } } } }`,
      has: { reports: { owners: { us: { mail: { to: ['u@example.org'] } } } } },
    },
    {
      yaml: 'cost: { currency: EUR, perCoreHour: 0.03, clusters: { a: { perGbHour: 0.01 } } }',
      has: { cost: { currency: 'EUR', perCoreHour: 0.03, clusters: { a: { perGbHour: 0.01 } } } },
    },
    { yaml: 'collect: { interval: 1m }', has: { collect: { interval: 60_000, timeout: 5000 } } },
    { yaml: `clusters: [{ name: a.b-c_1, url: ${FLINK}/proxy/ }]`, has: { clusters: [{ url: `${FLINK}/proxy/` }] } },
    {
      yaml: `clusters: [{ name: ha, url: [${FLINK}, https://b] }]`,
      has: { clusters: [{ url: [FLINK, 'https://b'] }] },
    },
    {
      yaml: `clusters: [{ name: a, url: ${FLINK}, auth: { basic: { username: u, passwordFile: p } }, tls: { ca: c } }]`,
      has: { clusters: [{ auth: { basic: { username: 'u', passwordFile: 'p' } }, tls: { ca: 'c' } }] },
    },
    {
      yaml: `clusters: [{ name: a, url: ${FLINK}, proxy: "http://proxy:3128" }, { name: b, url: ${FLINK}, proxy: none }]`,
      has: { clusters: [{ proxy: 'http://proxy:3128' }, { proxy: 'none' }] },
    },
    {
      yaml: `clusters: [{ name: h, url: ${FLINK}, kind: history-server }]`,
      has: { clusters: [{ kind: 'history-server' }] },
    },
    { yaml: 'discovery: { files: [a.yaml, /etc/b.json] }', has: { discovery: { files: ['a.yaml', '/etc/b.json'] } } },
    {
      yaml: 'discovery: { kubernetes: {} }',
      has: { discovery: { kubernetes: { namespaces: [], flinkDeployments: true, services: true } } },
    },
    {
      yaml: 'discovery: { kubernetes: { namespaces: [a, b-2], services: false, urlTemplate: "{scheme}://{name}.flink.example" } }',
      has: { discovery: { kubernetes: { namespaces: ['a', 'b-2'], services: false } } },
    },
    {
      yaml: 'discovery: { yarn: { url: [http://rm-1:8088, http://rm-2:8088], queue: q } }',
      has: { discovery: { yarn: { queue: 'q', applicationTypes: ['Apache Flink'] } } },
    },
    {
      yaml: 'store: { kind: memory, retention: { raw: 1h } }',
      has: { store: { kind: 'memory', retention: { raw: 3_600_000 } } },
    },
    {
      yaml: 'rules: { disable: [par-over], options: { gc-pressure: { warningRatio: 0.2 } } }',
      has: { rules: { disable: ['par-over'] } },
    },
    {
      yaml: 'rules: { overrides: [{ cluster: a, job: b, disable: [par-over] }] }',
      has: { rules: { overrides: [{ cluster: 'a', job: 'b', disable: ['par-over'], options: {} }] } },
    },
  ];
  for (const { yaml, has } of good) {
    it(yaml, () => {
      expect(load(yaml)).toMatchObject(has);
    });
  }
});

describe('bad configurations: what, where, what to do', () => {
  const bad: readonly { readonly yaml: string; readonly says: RegExp }[] = [
    { yaml: 'sever: {}', says: /^sever: unknown key$/ },
    { yaml: 'server: { listn: x }', says: /^server\.listn: unknown key$/ },
    { yaml: 'server: { listen: 8080 }', says: /^server\.listen: / },
    { yaml: 'server: { listen: nowhere }', says: /^server\.listen: .*HOST:PORT/ },
    { yaml: 'server: { basePath: weir }', says: /^server\.basePath: must begin and end with \/$/ },
    { yaml: 'server: { publicUrl: weir.example }', says: /^server\.publicUrl: must be a URL/ },
    { yaml: 'server: { insecure: maybe }', says: /^server\.insecure: / },
    { yaml: 'collect: { interval: soon }', says: /^collect\.interval: "soon" is not a duration.*15s/ },
    { yaml: 'collect: { interval: 10 }', says: /^collect\.interval: / },
    { yaml: 'collect: { maxRequestsPerSecond: 0 }', says: /^collect\.maxRequestsPerSecond: / },
    { yaml: 'clusters: [{ name: a }]', says: /^clusters\.0\.url: / },
    { yaml: `clusters: [{ url: ${FLINK} }]`, says: /^clusters\.0\.name: / },
    { yaml: 'clusters: [{ name: a, url: ftp://a }]', says: /^clusters\.0\.url: .*http/ },
    { yaml: 'clusters: [{ name: a, url: [] }]', says: /^clusters\.0\.url: / },
    { yaml: `clusters: [{ name: "a b", url: ${FLINK} }]`, says: /^clusters\.0\.name: letters, digits/ },
    { yaml: `clusters: [{ name: a, url: ${FLINK}, password: x }]`, says: /^clusters\.0\.password: unknown key$/ },
    {
      yaml: `clusters: [{ name: a, url: ${FLINK}, auth: { bearerToken: x } }]`,
      says: /^clusters\.0\.auth\.bearerToken: unknown key$/,
    },
    { yaml: `clusters: [{ name: a, url: ${FLINK} }, { name: a, url: ${FLINK} }]`, says: /^clusters.*\ba\b/ },
    { yaml: `clusters: [{ name: a, url: ${FLINK}, proxy: proxy }]`, says: /^clusters\.0\.proxy: .*http.*none/ },
    { yaml: `clusters: [{ name: h, url: ${FLINK}, kind: history }]`, says: /^clusters\.0\.kind: .*history-server/ },
    { yaml: 'discovery: { consul: {} }', says: /^discovery\.consul: unknown key$/ },
    { yaml: 'discovery: { yarn: {} }', says: /^discovery\.yarn\.url: / },
    { yaml: 'discovery: { files: clusters.yaml }', says: /^discovery\.files: / },
    {
      yaml: 'discovery: { kubernetes: { namespaces: ["a/b"] } }',
      says: /^discovery\.kubernetes\.namespaces\.0: .*namespace/,
    },
    {
      yaml: 'discovery: { kubernetes: { flinkDeployments: false, services: false } }',
      says: /^discovery\.kubernetes: flinkDeployments or services must be true/,
    },
    {
      yaml: 'discovery: { kubernetes: { urlTemplate: "http://flink" } }',
      says: /urlTemplate: must hold \{service\} or \{name\}/,
    },
    { yaml: 'discovery: { kubernetes: { urlTemplate: "{name}:8081" } }', says: /urlTemplate: must begin with http/ },
    {
      yaml: 'discovery: { kubernetes: { urlTemplate: "http://{name}.{zone}" } }',
      says: /urlTemplate: may hold .* and no other/,
    },
    { yaml: 'clusters: { name: a }', says: /^clusters: / },
    { yaml: 'reports: { schedule: weekly }', says: /^reports\.schedule: must be cron in five fields/ },
    { yaml: 'reports: { schedule: "0 0 7 * * 1" }', says: /^reports\.schedule: must be cron in five fields/ },
    { yaml: 'reports: { timeZone: Berlin }', says: /^reports\.timeZone: must be a time zone, such as Europe\/Berlin/ },
    { yaml: 'reports: { language: de }', says: /^reports\.language: / },
    { yaml: 'reports: { mail: { to: [nobody] } }', says: /^reports\.mail\.to\.0: must be a mail address/ },
    { yaml: 'reports: { owners: { us: {} } }', says: /^reports\.owners\.us: no cluster has this owner/ },
    { yaml: 'cost: { perCoreHour: 0.03 }', says: /^cost\.currency: a price needs its currency/ },
    { yaml: 'cost: { clusters: { a: { perGbHour: 1 } } }', says: /^cost\.currency: a price needs its currency/ },
    { yaml: 'cost: { currency: euro }', says: /^cost\.currency: must be three capital letters/ },
    { yaml: 'cost: { currency: EUR, perCoreHour: -1 }', says: /^cost\.perCoreHour: / },
    { yaml: 'shard: { index: 2, count: 2 }', says: /^shard\.index: counts from 0/ },
    { yaml: 'shard: { count: 2 }', says: /^shard\.count: several processes need a store that they share/ },
    { yaml: 'store: { kind: influx }', says: /^store\.url: .*need the URL of the server/ },
    { yaml: 'store: { kind: sqlite }', says: /^store\.kind: .*duckdb/ },
    { yaml: 'store: { retention: { raw: forever } }', says: /^store\.retention\.raw: "forever" is not a duration/ },
    { yaml: 'rules: { disable: [no-such-rule] }', says: /^rules\.disable.*no-such-rule/ },
    { yaml: 'rules: { options: { no-such-rule: { a: 1 } } }', says: /^rules\.options.*no-such-rule/ },
    {
      yaml: 'rules: { options: { gc-pressure: { warnRatio: 0.1 } } }',
      says: /^rules\.options\.gc-pressure.*warnRatio/,
    },
    {
      yaml: 'rules: { options: { gc-pressure: { warningRatio: lots } } }',
      says: /^rules\.options\.gc-pressure\.warningRatio: /,
    },
    { yaml: 'rules: { overrides: [{ disable: [no-such-rule] }] }', says: /^rules\.overrides.*no-such-rule/ },
    { yaml: 'a: [1', says: /\d+\.yaml: / },
    { yaml: 'a: 1\na: 2', says: /\d+\.yaml: .*unique/ },
  ];
  for (const { yaml, says } of bad) {
    it(JSON.stringify(yaml), () => {
      const problems = problemsOf(() => load(yaml));
      expect(problems).toHaveLength(1);
      expect(problems[0]).toMatch(says);
    });
  }

  it('all problems at once, with their paths', () => {
    const problems = problemsOf(() =>
      load(
        'server: { listn: x, basePath: weir }\ncollect: { interval: soon, timeout: never }\nclusters: [{ name: a, url: b }]\nmore: 1',
      ),
    );
    expect(problems.map((problem) => problem.split(': ')[0]).sort()).toEqual([
      'clusters.0.url',
      'collect.interval',
      'collect.timeout',
      'more',
      'server.basePath',
      'server.listn',
    ]);
  });

  it('a named file that is not there; the default file may be missing', () => {
    expect(problemsOf(() => loadConfig({ file: join(dir, 'missing.yaml'), env: {}, flags: {}, rules: RULES }))).toEqual(
      [expect.stringMatching(/missing\.yaml: no such file$/)],
    );
    expect(loadConfig({ file: undefined, env: {}, flags: {}, rules: RULES }).clusters).toEqual([]);
  });
});

describe('environment and flags', () => {
  it('every scalar of the documentation has its variable', () => {
    const page = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
    const documented = [...page.matchAll(/^\| `([a-zA-Z.]+)`\s*\|[^|]*\| `(WEIR_\w+)`/gm)].map(
      ([, key = '', name = '']) => ({
        key,
        name,
      }),
    );
    expect(documented.length).toBeGreaterThan(10);
    const values: Readonly<Record<string, string>> = {
      'server.insecure': 'true',
      'server.basePath': '/x/',
      'server.publicUrl': 'http://weir.example',
      'server.listen': '127.0.0.1:1',
      'collect.maxRequestsPerSecond': '7',
      'store.kind': 'memory',
      'store.dir': '/data',
      'store.maxBytes': '5000000000',
      'store.minFreeBytes': '0',
      'store.recordings.maxBytes': '0',
      'store.recordings.maxTasks': '7',
      'shard.index': '0',
      'shard.count': '1',
      'store.url': 'http://influx:8086',
      'store.database': 'flink',
      'store.username': 'weir',
      'store.passwordFile': '/password',
      'server.tokenFile': '/token',
      'reports.schedule': '30 6 * * 2',
      'reports.timeZone': 'Asia/Shanghai',
      'reports.language': 'zh-CN',
      'cost.currency': 'EUR',
      'cost.perCoreHour': '0.034',
      'cost.perGbHour': '0.0042',
    };
    for (const { key, name } of documented) {
      const value = values[key] ?? '90m';
      // A price needs its currency.
      const config = load('cost: { currency: EUR }', { env: { [name]: value } });
      const got = key.split('.').reduce<unknown>((inner, part) => (inner as Record<string, unknown>)[part], config);
      expect(`${key} ${String(got)}`).toBe(`${key} ${value === '90m' ? '5400000' : value}`);
    }
  });

  it('the environment wins over the file, flags over both, key by key', () => {
    const yaml = 'server: { listen: "127.0.0.1:1", basePath: /file/ }\ncollect: { interval: 1s, timeout: 1s }';
    const env = { WEIR_SERVER_LISTEN: '127.0.0.1:2', WEIR_COLLECT_INTERVAL: '2s' };
    const config = load(yaml, { env, flags: { server: { listen: '127.0.0.1:3' } } });
    expect(config.server).toMatchObject({ listen: '127.0.0.1:3', basePath: '/file/' });
    expect(config.collect).toMatchObject({ interval: 2000, timeout: 1000 });
  });

  it.each([
    [{ WEIR_COLECT_INTERVAL: '5s' }, 'WEIR_COLECT_INTERVAL: unknown environment variable'],
    [{ WEIR_COLLECT_INTERVAL: 'soon' }, 'collect.interval: "soon" is not a duration'],
    [{ WEIR_SERVER_INSECURE: 'yes' }, 'server.insecure: '],
    [{ WEIR_COLLECT_MAX_REQUESTS_PER_SECOND: 'many' }, 'collect.maxRequestsPerSecond: '],
  ])('%j is refused', (env, says) => {
    expect(problemsOf(() => load('', { env }))).toEqual([expect.stringContaining(says)]);
  });

  it('variables of others and of Weir that are no keys are left alone', () => {
    expect(load('', { env: { PATH: '/bin', WEIR_TOKEN: 'secret', WEIR_LOG_LEVEL: 'debug' } }).clusters).toEqual([]);
  });

  it('no problem repeats a secret', () => {
    const problems = problemsOf(() =>
      load(
        `clusters: [{ name: a, url: "http://user:hunter2@host:1", auth: { headers: { Authorization: [hunter2] } } }]`,
        {
          env: { WEIR_TOKEN: 'hunter2' },
        },
      ),
    );
    expect(problems.join()).not.toContain('hunter2');
  });

  it('YAML keys that mean something to JavaScript are unknown keys, nothing more', () => {
    const problems = problemsOf(() => load('__proto__: { polluted: 1 }\nconstructor: 1'));
    expect(problems).toContainEqual(expect.stringMatching(/constructor: unknown key/));
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
