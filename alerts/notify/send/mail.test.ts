import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestAuthority } from '../../../collector/testing/certificates.js';
import { itemWith, noticeWith } from '../../testing/build.js';
import { hasMailServer, MAIL_SERVER_SCRIPT, startMailServer, type MailServer } from '../../testing/smtp-server.js';
import type { Notice } from '../notice.js';
import type { Outcome } from '../outcome.js';
import { mailSender, messageId, outcomeOfMail, type MailChannel } from './mail.js';

const HAS_SERVER = hasMailServer(process.env);
const LONG = '反压'.repeat(200);

describe.skipIf(!HAS_SERVER)('mail through a real server', () => {
  let dir = '';
  let server: MailServer;
  let ca = '';
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'weir-mail-'));
    const authority = createTestAuthority();
    const { cert, key } = authority.issue('localhost', { hosts: ['127.0.0.1', 'localhost'] });
    const file = (name: string, text: string): string => {
      writeFileSync(join(dir, name), text);
      return join(dir, name);
    };
    ca = file('ca.pem', authority.ca);
    const root = join(import.meta.dirname, '..', '..', '..');
    server = await startMailServer(join(root, MAIL_SERVER_SCRIPT), file('cert.pem', cert), file('key.pem', key));
  });
  afterAll(async () => {
    await server.stop();
    rmSync(dir, { recursive: true });
  });

  const channel = (more: Partial<MailChannel> = {}): MailChannel => ({
    name: 'team',
    host: '127.0.0.1',
    port: server.port,
    security: 'starttls',
    caFile: ca,
    username: 'weir',
    password: () => 'secret',
    from: 'Weir <weir@weir.example>',
    to: ['team@example.com', 'Lead <lead@example.com>'],
    ...more,
  });
  const send = (notice: Notice, more: Partial<MailChannel> = {}, isRepeated = false): Promise<Outcome> =>
    mailSender(channel(more))(notice, { id: `${notice.id}.team`, nowMs: 0, isRepeated });
  it('is taken after STARTTLS and a login, as text and as HTML', async () => {
    expect(await send(noticeWith())).toEqual({ kind: 'sent' });
    const mail = await server.next();
    expect(mail).toMatchObject({
      from: 'weir@weir.example',
      to: ['team@example.com', 'lead@example.com'],
      tls: true,
      user: 'weir',
    });
    expect(mail.headers).toMatchObject({
      subject: '[Weir] orders (prod-a): One key carries 45 % of the records',
      'message-id': '<all-1-1.team@weir.example>',
      'auto-submitted': 'auto-generated',
      'x-weir-delivery': 'all-1-1.team',
    });
    expect(mail.text).toContain('Aggregate in two phases');
    expect(mail.html).toContain('<strong>[critical] One key carries 45 % of the records</strong>');
  });

  it('that ends another one refers to it, so that readers thread them', async () => {
    await send(noticeWith({ id: 'end', kind: 'resolved', follows: ['all-1-1', 'all-1-2'] }));
    const mail = await server.next();
    expect(mail.headers).toMatchObject({
      'message-id': '<end.team@weir.example>',
      'in-reply-to': '<all-1-2.team@weir.example>',
      references: '<all-1-1.team@weir.example> <all-1-2.team@weir.example>',
    });
  });

  it('has the same id when it is sent again, and says so', async () => {
    await send(noticeWith({ id: 'again' }), {}, true);
    const mail = await server.next();
    expect(mail.headers['message-id']).toBe('<again.team@weir.example>');
    expect(mail.text).toContain('Possibly sent before');
  });

  it('in Chinese, with names that are long, keeps its words and its lines short', async () => {
    await send(
      noticeWith({ language: 'zh-CN', headline: `订单：${LONG}`, items: [itemWith({ jobName: LONG, title: '反压' })] }),
    );
    const mail = await server.next();
    expect(mail.headers['subject']).toMatch(/^\[Weir\] 订单：反压/);
    expect(mail.text).toContain('[严重] 反压');
    expect(mail.longestLine).toBeLessThanOrEqual(998);
  });

  it('lets no name of a job write a header', async () => {
    await send(noticeWith({ headline: 'orders\r\nBcc: everyone@example.com' }));
    const mail = await server.next();
    expect(mail.headers['subject']).toMatch(/^\[Weir\] orders/);
    expect(mail.headers['bcc']).toBeUndefined();
    expect(mail.to).toEqual(['team@example.com', 'lead@example.com']);
  });

  const table: readonly (readonly [string, () => Partial<MailChannel>, object])[] = [
    ['another password is refused', () => ({ password: () => 'wrong' }), { kind: 'refused' }],
    ['nobody of that name is refused', () => ({ to: ['nobody@example.com'] }), { kind: 'refused' }],
    ['a full mailbox is tried again', () => ({ to: ['full@example.com'] }), { kind: 'later', maybeArrived: false }],
    [
      'a certificate that is not trusted sends nothing',
      () => ({ caFile: undefined }),
      { kind: 'later', maybeArrived: false },
    ],
    ['no server sends nothing', () => ({ port: 1 }), { kind: 'later', maybeArrived: false }],
    [
      'a connection that breaks may have sent it',
      () => ({ to: ['drop@example.com'] }),
      { kind: 'later', maybeArrived: true },
    ],
  ];
  it.each(table)('%s', async (_what, more, outcome) => {
    expect(await send(noticeWith({ id: 'tried' }), more())).toMatchObject(outcome);
  });

  it('in clear is refused by a server that wants STARTTLS', async () => {
    expect(await send(noticeWith(), { security: 'none', username: undefined })).toMatchObject({ kind: 'refused' });
  });
});

describe('a mail’s id', () => {
  it.each([
    ['Weir <weir@example.com>', '<n1.team@example.com>'],
    ['weir@mail.example.com', '<n1.team@mail.example.com>'],
    ['weir', '<n1.team@weir.invalid>'],
  ])('of %s is %s', (from, id) => {
    expect(messageId('n1', { name: 'team', from })).toBe(id);
  });
});

describe('what nodemailer throws', () => {
  const error = (message: string, more: object): Error => Object.assign(new Error(message), more);
  it.each([
    ['421, come back later', error('421 busy', { responseCode: 421 }), { kind: 'later', maybeArrived: false }],
    ['554, no', error('554 spam', { responseCode: 554 }), { kind: 'refused', why: 'relay:25: 554 spam' }],
    ['no recipient', error('No recipients defined', { code: 'EENVELOPE' }), { kind: 'refused' }],
    ['no greeting', error('Greeting never received', { code: 'ETIMEDOUT' }), { kind: 'later', maybeArrived: false }],
    ['silence', error('Timeout', { code: 'ETIMEDOUT' }), { kind: 'later', maybeArrived: true }],
  ])('%s', (_what, thrown, outcome) => {
    expect(outcomeOfMail(thrown, 'relay:25')).toMatchObject(outcome);
  });
});
