import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noticeWith } from '../../testing/build.js';
import { json, startReceiver, type Received, type Receiver, type Reply } from '../../testing/receiver.js';
import type { Outcome, Send } from '../outcome.js';
import { dingtalkSender } from './dingtalk.js';
import { feishuSender } from './feishu.js';
import { createHttp, type Http } from './http.js';
import { slackSender } from './slack.js';
import { webhookSender } from './webhook.js';
import { wecomSender } from './wecom.js';

const NOW_MS = Date.UTC(2026, 10, 30, 12);
const HOUR_MS = 3_600_000;
const SECRET = 'SECa1b2c3';
const DELIVERY = { id: 'n1.chat', nowMs: NOW_MS, isRepeated: false };

let receiver: Receiver;
let http: Http;
beforeAll(async () => {
  receiver = await startReceiver(json(200, {}));
  http = createHttp(() => undefined, 2_000);
});
afterAll(async () => {
  await http.close();
  await receiver.close();
});

async function send(sender: Send, reply: Reply): Promise<Outcome> {
  receiver.answer(reply);
  return sender(noticeWith(), DELIVERY);
}
function last(): Received {
  const received = receiver.received.at(-1);
  if (received === undefined) throw new Error('nothing was received');
  return received;
}

/** What a vendor's server does with a signature: computes it anew from what it knows. */
const hmac = (key: string, data: string): string => createHmac('sha256', key).update(data).digest('base64');

const asDingtalk =
  (secret: string): Reply =>
  ({ path, headers, body }, response) => {
    const { searchParams } = new URL(path, 'http://robot');
    const timestamp = searchParams.get('timestamp') ?? '';
    const { msgtype, markdown } = JSON.parse(body) as {
      msgtype?: string;
      markdown?: { title?: string; text?: string };
    };
    const isSigned =
      searchParams.get('access_token') === 'abc' &&
      searchParams.get('sign') === hmac(secret, `${timestamp}\n${secret}`) &&
      Math.abs(Number(timestamp) - NOW_MS) < HOUR_MS;
    const hasShape =
      msgtype === 'markdown' && markdown?.title !== undefined && markdown.text !== undefined && body.length <= 20_000;
    const errcode = !isSigned ? 310000 : hasShape && /charset=utf-8/.test(headers['content-type'] ?? '') ? 0 : 40035;
    json(200, { errcode, errmsg: errcode === 0 ? 'ok' : 'sign not match' })(
      { path, headers, body, method: '' },
      response,
    );
  };

const asFeishu =
  (secret: string): Reply =>
  (received, response) => {
    const { timestamp, sign, msg_type, card } = JSON.parse(received.body) as {
      timestamp?: string;
      sign?: string;
      msg_type?: string;
      card?: { header?: { title?: { tag?: string } }; elements?: readonly { tag?: string }[] };
    };
    const isSigned =
      sign === hmac(`${timestamp ?? ''}\n${secret}`, '') && Math.abs(Number(timestamp) * 1000 - NOW_MS) < HOUR_MS;
    const hasShape =
      msg_type === 'interactive' &&
      card?.header?.title?.tag === 'plain_text' &&
      card.elements?.every(({ tag }) => tag === 'markdown' || tag === 'action') === true &&
      Buffer.byteLength(received.body) <= 20_000;
    const code = !isSigned ? 19021 : hasShape ? 0 : 9499;
    json(200, { code, msg: code === 0 ? 'success' : 'sign match fail', data: {} })(received, response);
  };

const asWecom: Reply = (received, response) => {
  const { msgtype, markdown } = JSON.parse(received.body) as { msgtype?: string; markdown?: { content?: string } };
  const isGood =
    msgtype === 'markdown' && Buffer.byteLength(markdown?.content ?? '') <= 4_096 && received.path.endsWith('?key=k');
  json(200, { errcode: isGood ? 0 : 93000, errmsg: isGood ? 'ok' : 'invalid webhook url' })(received, response);
};

const asSlack: Reply = (received, response) => {
  const { text, blocks } = JSON.parse(received.body) as { text?: string; blocks?: readonly { type: string }[] };
  const isGood = text !== undefined && text !== '' && (blocks?.length ?? 0) <= 50 && blocks?.[0]?.type === 'header';
  response.writeHead(isGood ? 200 : 400).end(isGood ? 'ok' : 'invalid_payload');
};

const dingtalk = (secret?: string): Send =>
  dingtalkSender(
    () => `${receiver.url}/robot/send?access_token=abc`,
    () => secret,
    http,
  );
const feishu = (secret?: string): Send =>
  feishuSender(
    () => `${receiver.url}/open-apis/bot/v2/hook/x`,
    () => secret,
    http,
  );
const wecom = (): Send => wecomSender(() => `${receiver.url}/cgi-bin/webhook/send?key=k`, http);
const slack = (): Send => slackSender(() => `${receiver.url}/services/T/B/X`, http);
const webhook = (): Send =>
  webhookSender(
    { url: () => `${receiver.url}/hook`, headers: { 'x-team': 'payments' }, token: () => 'tok', secret: () => SECRET },
    http,
  );

describe('a message is taken', () => {
  it.each([
    ['by DingTalk, signed', () => send(dingtalk(SECRET), asDingtalk(SECRET))],
    ['by Feishu, signed', () => send(feishu(SECRET), asFeishu(SECRET))],
    ['by WeCom', () => send(wecom(), asWecom)],
    ['by Slack', () => send(slack(), asSlack)],
    ['by a webhook that says 204', () => send(webhook(), (_received, response) => response.writeHead(204).end())],
  ])('%s', async (_who, sending) => {
    expect(await sending()).toEqual({ kind: 'sent' });
  });
});

describe('a refusal in a 200', () => {
  const table: readonly (readonly [string, () => Promise<Outcome>, RegExp])[] = [
    [
      'DingTalk: another secret',
      () => send(dingtalk('SECother'), asDingtalk(SECRET)),
      /errcode 310000.*sign not match/,
    ],
    ['DingTalk: no secret', () => send(dingtalk(), asDingtalk(SECRET)), /errcode 310000/],
    ['Feishu: another secret', () => send(feishu('other'), asFeishu(SECRET)), /code 19021.*sign match fail/],
    ['Feishu: no secret', () => send(feishu(), asFeishu(SECRET)), /code 19021/],
    ['WeCom: a key that is none', () => send(wecom(), json(200, { errcode: 93000, errmsg: 'no' })), /errcode 93000/],
    ['no code at all', () => send(wecom(), json(200, { hello: 1 })), /no errcode in the answer/],
    [
      'no JSON',
      () => send(feishu(), (_r, response) => response.end('<html>login')),
      /no code in the answer: <html>login/,
    ],
  ];
  it.each(table)('%s', async (_what, sending, why) => {
    expect(await sending()).toEqual({ kind: 'refused', why: expect.stringMatching(why) as string });
  });

  const passing: readonly (readonly [string, () => Promise<Outcome>, number])[] = [
    ['DingTalk: more than 20 a minute', () => send(dingtalk(), json(200, { errcode: 130101 })), 600_000],
    ['Feishu: more than 100 a minute', () => send(feishu(), json(200, { code: 11232 })), 60_000],
    ['WeCom: more than 20 a minute', () => send(wecom(), json(200, { errcode: 45009 })), 60_000],
    ['WeCom: busy', () => send(wecom(), json(200, { errcode: -1 })), 60_000],
  ];
  it.each(passing)('that passes is tried again: %s', async (_what, sending, afterMs) => {
    expect(await sending()).toMatchObject({ kind: 'later', afterMs, maybeArrived: false });
  });
});

describe('an HTTP error', () => {
  const table: readonly (readonly [number, Readonly<Record<string, string>>, Outcome])[] = [
    [400, {}, { kind: 'refused', why: 'HTTP 400, "no"' }],
    [401, {}, { kind: 'refused', why: 'HTTP 401, "no"' }],
    [404, {}, { kind: 'refused', why: 'HTTP 404, "no"' }],
    [302, { location: 'http://elsewhere' }, { kind: 'refused', why: 'HTTP 302, "no"' }],
    [429, { 'retry-after': '30' }, { kind: 'later', why: 'HTTP 429, "no"', maybeArrived: false, afterMs: 30_000 }],
    [
      503,
      { 'retry-after': new Date(NOW_MS + 90_000).toUTCString() },
      { kind: 'later', why: 'HTTP 503, "no"', maybeArrived: false, afterMs: 90_000 },
    ],
    [500, {}, { kind: 'later', why: 'HTTP 500, "no"', maybeArrived: false }],
    [504, {}, { kind: 'later', why: 'HTTP 504, "no"', maybeArrived: true }],
  ];
  it.each(table)('%i', async (status, headers, outcome) => {
    expect(await send(slack(), json(status, 'no', headers))).toEqual(outcome);
  });
});

describe('the network', () => {
  it('that is not there leaves no message behind', async () => {
    const gone = await startReceiver(json(200, {}));
    await gone.close();
    expect(await slackSender(() => gone.url, http)(noticeWith(), DELIVERY)).toMatchObject({
      kind: 'later',
      maybeArrived: false,
    });
  });
  it('that breaks before the answer may have brought it', async () => {
    expect(await send(slack(), (_r, response) => response.destroy())).toMatchObject({
      kind: 'later',
      maybeArrived: true,
    });
  });
  it('that is silent may have brought it, and is not waited for without end', async () => {
    const quick = createHttp(() => undefined, 100);
    receiver.answer(() => undefined);
    expect(await slackSender(() => receiver.url, quick)(noticeWith(), DELIVERY)).toMatchObject({
      kind: 'later',
      why: expect.stringContaining('no answer in time') as string,
      maybeArrived: true,
    });
    await quick.close();
  });
});

describe('the generic webhook', () => {
  it('sends what docs/alerts.md says, signed, with the headers of the configuration', async () => {
    await send(webhook(), json(200, {}));
    const { headers, body, method } = last();
    expect(method).toBe('POST');
    expect(JSON.parse(body)).toEqual({
      version: 1,
      deliveryId: 'n1.chat',
      possiblyRepeated: false,
      kind: 'opened',
      status: 'firing',
      route: 'all',
      language: 'en',
      atMs: 1_000,
      severity: 'critical',
      cluster: 'prod-a',
      owner: 'payments',
      jobName: 'orders',
      headline: 'orders (prod-a): One key carries 45 % of the records',
      link: 'https://weir.example/jobs/prod-a/a1b2?at=1&lang=en',
      findings: noticeWith().items,
      more: 0,
    });
    expect(headers).toMatchObject({
      'x-team': 'payments',
      'x-weir-delivery': 'n1.chat',
      authorization: 'Bearer tok',
      'content-type': 'application/json; charset=utf-8',
    });
    const [, seconds = '', signature] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['x-weir-signature'])) ?? [];
    expect(Number(seconds)).toBe(NOW_MS / 1000);
    expect(signature).toBe(createHmac('sha256', SECRET).update(`${seconds}.${body}`).digest('hex'));
  });
});
