import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { createHttp } from '../../alerts/notify/send/http.js';
import { channelsOf } from '../alert-channels.js';
import { checkAlertSecrets, routesOf } from '../alerting.js';
import { loadConfig, UsageError } from './load.js';

const dir = mkdtempSync(join(tmpdir(), 'weir-alerts-config-'));
afterAll(() => rmSync(dir, { recursive: true }));
const SECRET_FILE = join(dir, 'secret');
writeFileSync(SECRET_FILE, 'https://hooks.example/T/B/X\nsecond line\n');

type Env = Readonly<Record<string, string>>;
function load(alerts: unknown, env: Env = {}) {
  const file = join(dir, 'weir.yaml');
  writeFileSync(file, stringify({ alerts }));
  return loadConfig({ file, env, flags: {}, rules: [] }).alerts;
}
function problems(act: () => unknown): readonly string[] {
  try {
    act();
    return [];
  } catch (error) {
    if (error instanceof UsageError) return error.problems;
    throw error;
  }
}
const http = createHttp(() => undefined);
function open(alerts: unknown, env: Env = {}) {
  const config = load(alerts, env);
  checkAlertSecrets(config, env);
  return channelsOf(config.channels, http, env);
}

const SLACK = { name: 'team-slack', kind: 'slack', urlFile: SECRET_FILE };
const MAIL = {
  name: 'mail',
  kind: 'mail',
  host: 'smtp.example',
  from: 'Weir <weir@example.com>',
  to: ['team@example.com'],
};

describe('good alerts', () => {
  it('are channels of every kind, each at the pace of its vendor', () => {
    const channels = [
      SLACK,
      { name: 'ding', kind: 'dingtalk', urlFile: SECRET_FILE, secretFile: SECRET_FILE },
      { name: 'lark', kind: 'feishu', urlFile: SECRET_FILE },
      { name: 'wecom', kind: 'wecom', urlFile: SECRET_FILE, maxPerMinute: 5 },
      MAIL,
      { name: 'hook', kind: 'webhook', url: 'http://127.0.0.1:1/x', headers: { 'x-team': 'a' } },
      { name: 'am', kind: 'alertmanager', url: ['http://am-0:9093', 'http://am-1:9093'] },
    ];
    const opened = open({ channels });
    expect(opened.channels.map(({ name, perMinute, gapMs }) => [name, perMinute, gapMs])).toEqual([
      ['team-slack', 60, 1_000],
      ['ding', 20, 0],
      ['lark', 100, 200],
      ['wecom', 5, 0],
      ['mail', 30, 0],
      ['hook', 60, 0],
    ]);
    expect(opened.feeds.map(({ name }) => name)).toEqual(['am']);
  });

  it('without routes tell every channel everything', () => {
    expect(routesOf(load({ channels: [SLACK, MAIL] }))).toEqual([
      {
        name: 'all',
        channels: ['team-slack', 'mail'],
        match: { severity: 'warning' },
        goesOn: false,
        language: 'en',
        groupWaitMs: 30_000,
        repeatMs: 14_400_000,
        tellsResolved: true,
      },
    ]);
  });

  it('have routes with all that a route may have', () => {
    const route = {
      name: 'night',
      channels: ['team-slack'],
      match: { owners: ['a'], clusters: ['prod-*'], jobs: ['orders*'], severity: 'critical' },
      continue: true,
      language: 'zh-CN',
      groupWait: '1m',
      repeatInterval: '12h',
      resolved: false,
      quietHours: { from: '22:00', to: '07:30', timeZone: 'Asia/Shanghai', criticalPasses: false },
    };
    expect(routesOf(load({ channels: [SLACK], routes: [route] }))).toEqual([
      {
        name: 'night',
        channels: ['team-slack'],
        match: { owners: ['a'], clusters: ['prod-*'], jobs: ['orders*'], severity: 'critical' },
        goesOn: true,
        language: 'zh-CN',
        groupWaitMs: 60_000,
        repeatMs: 43_200_000,
        tellsResolved: false,
        quietHours: { fromMinute: 1_320, toMinute: 450, timeZone: 'Asia/Shanghai', criticalPasses: false },
      },
    ]);
  });

  it('take secrets from variables instead of files', () => {
    const env = { WEIR_ALERTS_TEAM_SLACK_URL: 'https://hooks.example/x', WEIR_ALERTS_DING_SECRET: 'SEC1' };
    const channels = [
      { name: 'team-slack', kind: 'slack' },
      { name: 'ding', kind: 'dingtalk', urlFile: SECRET_FILE },
    ];
    expect(open({ channels }, env).channels).toHaveLength(2);
  });
});

describe('bad alerts are told', () => {
  const table: readonly (readonly [string, unknown, Env, RegExp])[] = [
    ['an unknown key', { chanels: [] }, {}, /^alerts\.chanels: unknown key$/],
    [
      'an unknown key of a channel',
      { channels: [{ ...SLACK, token: 'x' }] },
      {},
      /^alerts\.channels\.0\.token: unknown key$/,
    ],
    ['an unknown kind', { channels: [{ name: 'a', kind: 'pigeon' }] }, {}, /^alerts\.channels\.0\.kind: /],
    ['a name twice', { channels: [SLACK, SLACK] }, {}, /^alerts\.channels\.1\.name: "team-slack" is used twice$/],
    [
      'names that variables cannot tell apart',
      { channels: [SLACK, { ...SLACK, name: 'team.slack' }] },
      {},
      /^alerts\.channels\.1\.name: is too like another.*TEAM_SLACK/,
    ],
    [
      'a channel that is not there',
      { channels: [SLACK], routes: [{ name: 'r', channels: ['slck'] }] },
      {},
      /^alerts\.routes\.0\.channels\.0: there is no channel "slck"$/,
    ],
    [
      'url and urlFile',
      { channels: [{ ...SLACK, url: 'https://a' }] },
      {},
      /^alerts\.channels\.0\.urlFile: .*not both$/,
    ],
    [
      'no URL',
      { channels: [{ name: 'a', kind: 'slack' }] },
      {},
      /^alerts\.channels\.0: needs the URL.*WEIR_ALERTS_A_URL$/,
    ],
    ['a file that is not there', { channels: [{ ...SLACK, urlFile: '/nowhere' }] }, {}, /\/nowhere cannot be read/],
    [
      'a variable of no channel',
      { channels: [SLACK] },
      { WEIR_ALERTS_TEAM_SLAK_URL: 'x' },
      /^WEIR_ALERTS_TEAM_SLAK_URL: there is no channel/,
    ],
    [
      'no address of mail',
      { channels: [{ ...MAIL, to: ['team'] }] },
      {},
      /^alerts\.channels\.0\.to\.0: must be a mail address/,
    ],
    [
      'a time that is none',
      {
        channels: [SLACK],
        routes: [{ name: 'r', channels: ['team-slack'], quietHours: { from: '24:00', to: '07:00', timeZone: 'UTC' } }],
      },
      {},
      /^alerts\.routes\.0\.quietHours\.from: must be a time of day/,
    ],
    [
      'a time zone that is none',
      {
        channels: [SLACK],
        routes: [{ name: 'r', channels: ['team-slack'], quietHours: { from: '22:00', to: '07:00', timeZone: 'Mars' } }],
      },
      {},
      /^alerts\.routes\.0\.quietHours\.timeZone: must be a time zone/,
    ],
  ];
  it.each(table)('%s', (_what, alerts, env, says) => {
    expect(problems(() => open(alerts, env)).join('\n')).toMatch(says);
  });
});
