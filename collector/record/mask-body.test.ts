import { gunzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { MASK } from '../flink/mask.js';
import type { Reading } from '../model/index.js';
import { answered, bundleFolder, recordRounds } from '../testing/recorded.js';
import { maskBody, maskPath } from './mask-body.js';

const folder = bundleFolder();
afterAll(() => folder.remove());

/** The file as somebody sees it who unpacks it by hand. */
async function rawFileOf(path: string, reading: Reading<string>, accessSecrets: readonly string[] = []) {
  const { appended } = await recordRounds([[[path, reading]]], { accessSecrets });
  return gunzipSync(readFileSync(await folder.write('raw', appended))).toString();
}

const JOB = `/jobs/${'a'.repeat(32)}`;
const config = (key: string, value: unknown) => answered([{ key, value }]);
const execution = (userConfig: object) => answered({ 'execution-config': { 'user-config': userConfig } });
const trace = (text: string) =>
  answered({
    'root-exception': text,
    exceptionHistory: { entries: [{ stacktrace: text, concurrentExceptions: [{ stacktrace: text }] }] },
  });

describe('a secret does not get into the file', () => {
  const cases: readonly (readonly [what: string, path: string, reading: Reading<string>])[] = [
    ['s3.access-key', '/jobmanager/config', config('s3.access-key', 'hunter2')],
    ['s3.secret-key', '/jobmanager/config', config('s3.secret-key', 'hunter2')],
    ['fs.s3a.accessKey', '/jobmanager/config', config('fs.s3a.accessKey', 'hunter2')],
    ['*.credentials', `${JOB}/jobmanager/config`, config('a.credentials', 'hunter2')],
    ['*.passphrase', `${JOB}/jobmanager/config`, config('a.passphrase', 'hunter2')],
    ['*.private-key', '/jobmanager/config', config('a.private-key', 'hunter2')],
    [
      'api-key, token, http-headers',
      '/jobmanager/config',
      answered(['api-key', 'token', 'http-headers'].map((key) => ({ key, value: 'hunter2' }))),
    ],
    ['jaas.config', '/jobmanager/config', config('sasl.jaas.config', 'x required password="hunter2";')],
    ['a password in the URL of an option', '/jobmanager/config', config('db.url', 'jdbc:postgresql://u:hunter2@db/x')],
    ['-D in env.java.opts', '/jobmanager/config', config('env.java.opts', '-Xmx1g -Dx.password=hunter2')],
    ['an environment string', '/jobmanager/config', config('containerized.master.env.DB_PASSWORD', 'hunter2')],
    ['JSON in an option', '/jobmanager/config', config('x.settings', '{"password":"hunter2"}')],
    ['a list under the name of a secret', '/jobmanager/config', config('a.tokens', ['hunter2', { deep: 'hunter2' }])],
    ['a number under the name of a secret', `${JOB}/config`, execution({ 'pin.password': 4711_0815 })],
    ['a global job parameter', `${JOB}/config`, execution({ 'db.password': 'hunter2', url: 'amqp://u:hunter2@mq' })],
    ['a parameter that is an object', `${JOB}/config`, execution({ credentials: { user: 'a', word: 'hunter2' } })],
    ['a parameter that is named by a secret', `${JOB}/config`, execution({ 'amqp://u:hunter2@mq': 'x' })],
    ['a program argument', `${JOB}/config`, execution({ args: '--user a --password hunter2' })],
    ['an exception with a URL', `${JOB}/exceptions`, trace('SQLException: jdbc:mysql://u:hunter2@db/x\n\tat a.B.c')],
    ['an exception with a query', `${JOB}/exceptions`, trace('GET http://x/y?a=1&password=hunter2 failed')],
    ['an exception with a header', `${JOB}/exceptions`, trace('sent Authorization: Bearer hunter2hunter2 to x')],
    ['an exception with a signed URL', `${JOB}/exceptions`, trace('PUT https://b.s3/x?X-Amz-Signature=hunter2')],
    ['a failed checkpoint', `${JOB}/checkpoints`, answered({ history: [{ failure_message: 'token=hunter2' }] })],
    ['the path of a checkpoint', `${JOB}/checkpoints`, answered({ latest: { external_path: 's3://u:hunter2@b/x' } })],
    ['a description of the plan', JOB, answered({ plan: { nodes: [{ description: "'password' = 'hunter2'" }] } })],
    ['the name of a vertex', JOB, answered({ vertices: [{ name: 'Sink: jdbc:oracle:thin:u/hunter2@db' }] })],
    ['a text where no Flink has one', '/overview', answered({ deep: [[{ x: ['secret=hunter2'] }]] })],
    ['a text that is no JSON', '/overview', answered('password hunter2')],
    [
      'the message of a failure',
      '/overview',
      { ok: false, failure: { kind: 'http', message: 'HTTP 400: token=hunter2' }, atMs: 1 },
    ],
    [
      'the name of a metric',
      `${JOB}/metrics?get=0.Sink__password%3Dhunter2.x,1.y`,
      answered([{ id: 'password=hunter2' }]),
    ],
  ];
  for (const [what, path, reading] of cases) {
    it(what, async () => {
      const raw = await rawFileOf(path, reading);
      expect(raw).not.toMatch(/hunter2|47110815/);
      expect(raw).toContain(reading.ok && reading.value.startsWith('{') ? MASK : 'weirBundle');
    });
  }

  it('also when the server echoes what Weir got in with', async () => {
    const echoed = 'you sent Cookie-X "session-0815" and token abcdefgh.ijkl';
    const failed: Reading<string> = { ok: false, failure: { kind: 'http', message: echoed }, atMs: 1 };
    const secrets = ['sid=session-0815; theme=dark', 'abcdefgh.ijkl'];
    for (const reading of [failed, answered({ errors: [echoed] })]) {
      const raw = await rawFileOf('/overview', reading, secrets);
      expect(raw).not.toMatch(/session-0815|abcdefgh/);
    }
  });
});

describe('what is no secret stays', () => {
  it.each([
    [{ id: '0.Source__tokens.pendingRecords', value: '12' }],
    [{ name: 'token-refresh -> Sink: passwords', host: 'tm-1.example' }],
    [{ key: 'security.delegation.tokens.enabled', value: 'true' }],
    [{ key: 'state.checkpoints.dir', value: 's3://bucket/checkpoints' }],
    [{ 'start-time': 1_795_252_000_000, ratio: 0.25, none: null, yes: true }],
  ])('%j', (body) => {
    expect(maskBody(body)).toEqual(body);
  });

  it.each([
    '/overview',
    `${JOB}/metrics?get=0.Source__x.pendingRecords`,
    '/taskmanagers/10.0.0.1%3A34%2D1',
    '/x?get=%',
  ])('the path %s', (path) => expect(maskPath(path)).toBe(path));

  it('a path that is masked is found again by what is asked with masked names', () => {
    const path = '/x/metrics?get=0.Sink__password%3Dhunter2.y';
    const asked = `/x/metrics?get=${encodeURIComponent(`0.Sink__password=${MASK}`)}`;
    expect(maskPath(asked)).toBe(maskPath(path));
  });
});
