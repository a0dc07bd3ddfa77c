import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  hasMailServer,
  MAIL_SERVER_SCRIPT,
  startMailServer,
  type MailServer,
} from '../../alerts/testing/smtp-server.js';
import { createTestAuthority } from '../../collector/testing/certificates.js';
import { alertsSchema, type AlertsConfig } from '../config/alerts-schema.js';
import { PACKAGE_DIR } from '../version.js';
import { mailSender } from './mail-sender.js';

const HAS_SERVER = hasMailServer(process.env);
const PIXEL = Buffer.from('iVBORw0KGgo=', 'base64');
const MAIL = {
  to: ['lead@example.org', 'team@example.org'],
  subject: 'Week 2026-W47: 2 jobs need you',
  html: '<p>Health <img src="cid:health" alt="health over the week"></p>',
  text: 'Health',
  attachments: [{ cid: 'health', filename: 'health.png', content: PIXEL, contentType: 'image/png' }],
};

const alertsWith = (port: number, more: object = {}): AlertsConfig =>
  alertsSchema.parse({
    channels: [
      { kind: 'webhook', name: 'hook', url: 'https://hook.example' },
      {
        kind: 'mail',
        name: 'team-mail',
        host: '127.0.0.1',
        port,
        from: 'Weir <weir@weir.example>',
        to: ['alerts@example.org'],
        username: 'weir',
        ...more,
      },
    ],
    routes: [{ name: 'all', channels: ['hook', 'team-mail'] }],
  });
const ENV = { WEIR_ALERTS_TEAM_MAIL_PASSWORD: 'secret' };

describe('mail of reports', () => {
  it('is none without a channel of kind mail', () => {
    expect(mailSender({ alerts: alertsSchema.parse({}) }, {})).toBeUndefined();
  });

  it('says at once which secret cannot be read', () => {
    const alerts = alertsWith(25, { passwordFile: '/nowhere/password' });
    expect(() => mailSender({ alerts }, {})).toThrow(/alerts\.channels\.1: \/nowhere\/password cannot be read/);
  });
});

describe.skipIf(!HAS_SERVER)('mail of reports through a real server', () => {
  const dir = mkdtempSync(join(tmpdir(), 'weir-report-mail-'));
  let server: MailServer;
  const file = (name: string, text: string): string => {
    writeFileSync(join(dir, name), text);
    return join(dir, name);
  };
  beforeAll(async () => {
    const authority = createTestAuthority();
    const { cert, key } = authority.issue('localhost', { hosts: ['127.0.0.1', 'localhost'] });
    file('ca.pem', authority.ca);
    server = await startMailServer(join(PACKAGE_DIR, MAIL_SERVER_SCRIPT), file('cert.pem', cert), file('key.pem', key));
  });
  afterAll(async () => {
    await server.stop();
    rmSync(dir, { recursive: true });
  });

  it('reaches the readers of the report, not those of the alerts, with login, both bodies and its picture', async () => {
    const send = mailSender({ alerts: alertsWith(server.port, { ca: join(dir, 'ca.pem') }) }, ENV);
    await send?.(MAIL);
    const taken = await server.next();
    expect(taken).toMatchObject({ from: 'weir@weir.example', to: MAIL.to, tls: true, user: 'weir' });
    expect(taken.headers).toMatchObject({ subject: MAIL.subject, 'auto-submitted': 'auto-generated' });
    expect(taken.headers['content-type']).toMatch(/^multipart\//);
    expect([taken.text.trim(), taken.html.trim()]).toEqual([MAIL.text, MAIL.html]);
  });

  it('rejects with what the server said', async () => {
    const alerts = alertsWith(server.port, { ca: join(dir, 'ca.pem') });
    await expect(mailSender({ alerts }, { WEIR_ALERTS_TEAM_MAIL_PASSWORD: 'wrong' })?.(MAIL)).rejects.toThrow(/535/);
  });
});
