import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTask } from 'node-cron';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FleetInput } from '../../reports/model.js';
import { temporaryDir } from '../../test/support/service.js';
import { DAY_MS, HOUR_MS, sectionOf, WEEK, weekOf } from '../../test/support/weekly-fixture.js';
import { keptReports } from './kept-reports.js';
import { endedWeek, isUnreported, reportEndedWeek, type ReportRun } from './report-run.js';
import { reportSchedule, wasDue } from './report-schedule.js';
import type { ReportMail } from './send-mail.js';
import { sentRecord, WHOLE } from './sent-record.js';

const MONDAY_SEVEN_MS = WEEK.toMs + 7 * HOUR_MS;
const job = (jobName: string, owner?: string) =>
  sectionOf({ jobName, now: weekOf(WEEK), ...(owner === undefined ? {} : { owner }) });
const FLEET: FleetInput = {
  week: WEEK,
  knownToMs: WEEK.toMs,
  sections: [job('orders', 'team-orders'), job('billing', 'team-payments'), job('free')],
  gone: [],
};

let dir: ReturnType<typeof temporaryDir>;
let mails: ReportMail[];
let said: string[];
beforeEach(() => {
  dir = temporaryDir();
  mails = [];
  said = [];
});
afterEach(() => dir.remove());

/** A service as it starts: what it knows of before is in the folder. */
function started(own: Partial<ReportRun> = {}): ReportRun {
  return {
    reports: { fleet: () => Promise.resolve(FLEET) },
    record: sentRecord(dir.path),
    recipients: { whole: ['lead@example.org'], owners: new Map([['team-orders', ['orders@example.org']]]) },
    language: 'en',
    send: (mail) => Promise.resolve(mails.push(mail)),
    nowMs: () => MONDAY_SEVEN_MS,
    log: { info: (words) => said.push(words), warn: (words) => said.push(words) },
    ...own,
  };
}

const receivers = (): readonly string[] => mails.map(({ to, subject }) => `${to.join()}: ${subject}`);

describe('the report of the week that ended', () => {
  it('goes to each owner that has recipients, and whole to those of the whole', async () => {
    expect(await reportEndedWeek(started())).toBe(true);
    expect(receivers()).toEqual([
      'orders@example.org: Flink tuning report 2026-W47 · team-orders',
      'lead@example.org: Flink tuning report 2026-W47',
    ]);
  });

  it('is a mail of HTML with its charts attached, and the same as text', async () => {
    await reportEndedWeek(started());
    const { html = '', text = '', attachments = [] } = mails[1] ?? {};
    expect(attachments.map(({ cid, filename, contentType }) => [cid, filename, contentType])).toEqual([
      ['health@weir', 'health.png', 'image/png'],
      ['findings@weir', 'findings.png', 'image/png'],
    ]);
    for (const { cid } of attachments) expect(html).toContain(`src="cid:${cid}"`);
    expect(text).toContain('3 jobs watched');
  });

  it('is sent once, however often Weir starts', async () => {
    await reportEndedWeek(started());
    expect(await isUnreported(started())).toBe(false);
    await reportEndedWeek(started());
    await reportEndedWeek(started({ nowMs: () => MONDAY_SEVEN_MS + 3 * DAY_MS }));
    expect(mails).toHaveLength(2);
  });

  it('what was sent by hand beside the service is not sent again', async () => {
    const service = started();
    expect(await isUnreported(service)).toBe(true);
    await sentRecord(dir.path).note('2026-W47', WHOLE, { state: 'sent', atMs: MONDAY_SEVEN_MS });
    await reportEndedWeek(service);
    expect(receivers()).toEqual(['orders@example.org: Flink tuning report 2026-W47 · team-orders']);
  });

  it('the next week is another report', async () => {
    await reportEndedWeek(started());
    await reportEndedWeek(started({ nowMs: () => MONDAY_SEVEN_MS + 7 * DAY_MS }));
    expect(mails).toHaveLength(4);
  });

  it('a mail that the server did not take is sent again, the others are not', async () => {
    const failing: ReportRun['send'] = (mail) =>
      mail.to[0] === 'lead@example.org'
        ? Promise.reject(new Error('454 try later'))
        : Promise.resolve(mails.push(mail));
    expect(await reportEndedWeek(started({ send: failing }))).toBe(false);
    expect(said.join()).toContain('could not be sent: 454 try later');
    expect(await isUnreported(started())).toBe(true);
    expect(await reportEndedWeek(started())).toBe(true);
    expect(receivers().map((line) => line.split(':')[0])).toEqual(['orders@example.org', 'lead@example.org']);
  });

  it('killed while the mail server was asked: not sent twice, and said', async () => {
    // The process ends within `send`, so nothing after it is written down.
    await new Promise<void>((resolve) => {
      const send = (): Promise<void> => {
        resolve();
        return new Promise(() => undefined);
      };
      void reportEndedWeek(started({ send, recipients: { whole: ['lead@example.org'], owners: new Map() } }));
    });
    expect(await sentRecord(dir.path).of('2026-W47', WHOLE)).toMatchObject({ state: 'sending' });
    expect(await isUnreported(started())).toBe(true);
    expect(await reportEndedWeek(started())).toBe(true);
    expect(mails.map(({ to }) => to.join())).toEqual([]);
    expect(said.join()).toContain('may have been sent or not');
    expect(said.join()).toContain('weir report --week 2026-W47 --send');
    expect(await isUnreported(started())).toBe(false);
  });

  const silent: readonly (readonly [claim: string, own: Partial<ReportRun>])[] = [
    ['without a mail server', { send: undefined as never }],
    ['without recipients', { recipients: { whole: [], owners: new Map() } }],
    [
      'of a week in which nothing was watched',
      { reports: { fleet: () => Promise.resolve({ ...FLEET, sections: [] }) } },
    ],
  ];
  for (const [claim, own] of silent) {
    it(`${claim} is made and told to nobody`, async () => {
      expect(await reportEndedWeek(started(own))).toBe(true);
      expect(mails).toEqual([]);
      expect(await isUnreported(started())).toBe(false);
    });
  }

  it('a record that cannot be read counts as none, one that cannot be written sends nothing', async () => {
    mkdirSync(join(dir.path, 'reports'));
    writeFileSync(join(dir.path, 'reports', 'sent.json'), '{"version":1,"weeks":{"2026-W47":{"whole":');
    expect(await isUnreported(started())).toBe(true);
    writeFileSync(join(dir.path, 'file'), '');
    await expect(reportEndedWeek(started({ record: sentRecord(join(dir.path, 'file')) }))).rejects.toThrow();
    expect(mails).toEqual([]);
  });
});

describe('when it is made', () => {
  const table: readonly (readonly [now: string, week: string])[] = [
    ['2026-11-23T07:00:00Z', '2026-W47'],
    ['2026-11-23T00:00:00Z', '2026-W47'],
    ['2026-11-22T23:59:59Z', '2026-W46'],
    ['2027-01-04T07:00:00Z', '2026-W53'],
  ];
  for (const [now, week] of table) {
    it(`at ${now} the week that ended is ${week}`, () => {
      expect(endedWeek(Date.parse(now)).week).toBe(week);
    });
  }

  const task = (zone: string) => createTask('0 7 * * 1', () => undefined, { timezone: zone });
  const due: readonly (readonly [claim: string, zone: string, atMs: number, isDue: boolean])[] = [
    ['before seven', 'UTC', MONDAY_SEVEN_MS - 1, false],
    ['at seven', 'UTC', MONDAY_SEVEN_MS, true],
    ['on Thursday, Weir having slept', 'UTC', MONDAY_SEVEN_MS + 3 * DAY_MS, true],
    ['at seven in Berlin, which is six', 'Europe/Berlin', MONDAY_SEVEN_MS - HOUR_MS, true],
    ['at seven of UTC in New York, where it is two', 'America/New_York', MONDAY_SEVEN_MS, false],
  ];
  for (const [claim, zone, atMs, isDue] of due) {
    it(`${claim}: ${isDue ? 'due' : 'not yet due'}`, async () => {
      expect(await wasDue(task(zone), WEEK.toMs, atMs)).toBe(isDue);
    });
  }

  const schedule = (nowMs: number, onSent: () => void) =>
    reportSchedule({
      ...started({
        nowMs: () => nowMs,
        send: (mail) => {
          mails.push(mail);
          if (mail.to[0] === 'lead@example.org') onSent();
          return Promise.resolve();
        },
      }),
      schedule: '0 7 * * 1',
      timeZone: 'UTC',
      onBug: (error) => {
        throw error;
      },
    });

  it('started on Tuesday it makes what Monday missed; started again, nothing', async () => {
    let sent = (): void => undefined;
    const isSent = new Promise<void>((resolve) => (sent = resolve));
    const first = schedule(MONDAY_SEVEN_MS + DAY_MS, sent);
    first.start();
    await isSent;
    await first.stop();
    const again = schedule(MONDAY_SEVEN_MS + DAY_MS, () => undefined);
    again.start();
    await again.run();
    await again.stop();
    expect(mails).toHaveLength(2);
  });

  it('ends although a week is still being read, and what fails of it then is no bug', async () => {
    let fail = (_error: Error): void => undefined;
    const reading = new Promise<FleetInput>((_resolve, reject) => (fail = reject));
    const bugs: Error[] = [];
    const hanging = reportSchedule({
      ...started({ reports: { fleet: () => reading } }),
      schedule: '0 7 * * 1',
      timeZone: 'UTC',
      onBug: (error) => bugs.push(error),
      stopWaitMs: 1,
    });
    const run = hanging.run();
    await hanging.stop();
    fail(new Error('the store is closed'));
    await run;
    expect(bugs).toEqual([]);
    expect(await isUnreported(started())).toBe(true);
  });

  it('two at once are one', async () => {
    const one = schedule(MONDAY_SEVEN_MS, () => undefined);
    await Promise.all([one.run(), one.run()]);
    await one.stop();
    expect(mails).toHaveLength(2);
  });
});

describe('weeks that are kept', () => {
  it('come back as they were, one file each', async () => {
    const kept = keptReports(dir.path);
    await kept.save(FLEET);
    expect(readdirSync(join(dir.path, 'reports'))).toEqual(['2026-W47.json']);
    expect(await kept.load('2026-W47')).toEqual(JSON.parse(JSON.stringify(FLEET)));
    expect(await kept.load('2026-W46')).toBeUndefined();
  });

  const bad: readonly (readonly [claim: string, body: string])[] = [
    ['half a file', readText(FLEET).slice(0, 200)],
    ['of another version', readText(FLEET).replace('"version":1', '"version":99')],
    ['something else', '[]'],
  ];
  for (const [claim, body] of bad) {
    it(`${claim} is none`, async () => {
      mkdirSync(join(dir.path, 'reports'));
      writeFileSync(join(dir.path, 'reports', '2026-W47.json'), body);
      expect(await keptReports(dir.path).load('2026-W47')).toBeUndefined();
    });
  }

  it('a name that is no week reads no file', async () => {
    writeFileSync(join(dir.path, 'secret.json'), readText(FLEET));
    expect(await keptReports(dir.path).load('../secret')).toBeUndefined();
    expect(readFileSync(join(dir.path, 'secret.json'), 'utf8')).toContain('orders');
  });
});

function readText(fleet: FleetInput): string {
  return JSON.stringify({ version: 1, fleet });
}
