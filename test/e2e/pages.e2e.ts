import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobPage, JobRow, JobsResponse } from '../../dashboard/contract.js';
import {
  findChromium,
  openBrowser,
  openTab,
  overflowPx,
  seriousViolations,
  settled,
  visit,
} from '../support/browser.js';
import { startService, temporaryDir, until, type RunningService } from '../support/service.js';

const HAN = /\p{Script=Han}/u;
/** What must never reach a reader. */
const SLIPS = /undefined|\bNaN\b|\[object|Infinity|\{\w+\}/;
const MEASURED_MS = 100_000;
/** Not part of the repository. */
const FAILED_DIR = 'test-results';
const PICTURE_BYTES_MAX = 300 * 1024;

const chromium = findChromium(process.env);
/** Where the picture of the README goes; without it, it is thrown away. */
const picturesDir = process.env['WEIR_SCREENSHOTS'];
// The service refuses variables of Weir that it does not know.
delete process.env['WEIR_SCREENSHOTS'];

describe.skipIf(chromium === undefined)('the pages in a browser', () => {
  const dir = temporaryDir();
  let service: RunningService;
  let browser: Browser;
  let jobs: readonly JobRow[] = [];

  const jobPath = (name: string): string => {
    const job = jobs.find((each) => each.name === name);
    if (job === undefined) throw new Error(`the demo has no job ${name}`);
    return `/jobs/${job.cluster}/${job.jobId}`;
  };

  const isMeasured = async (path: string): Promise<boolean> => {
    const { vertices, recommendations } = await service.json<JobPage>(`/api/v1${path}`);
    return recommendations.length > 0 && vertices.every(({ mark }) => mark !== 'unknown');
  };

  beforeAll(async () => {
    service = await startService(['--data', join(dir.path, 'data')], dir.path);
    browser = await openBrowser(chromium ?? '');
    ({ jobs } = await service.json<JobsResponse>('/api/v1/jobs'));
    // The last minute is what verdicts and figures stand on; on a busy machine it has a gap right after the start.
    await until(() => isMeasured(jobPath('orders-enrich')), MEASURED_MS, 'a minute of readings without a gap');
  });
  afterAll(async () => {
    await browser?.close();
    await service?.end();
    dir.remove();
  });

  /** Opens a tab for one claim; an error on its console fails the claim. A picture of a failed one is kept. */
  async function inTab(options: Parameters<typeof openTab>[1], claim: (page: Page) => Promise<void>): Promise<void> {
    const { page, errors } = await openTab(browser, options);
    try {
      await claim(page);
      expect(errors).toEqual([]);
    } catch (error) {
      await page.screenshot({
        path: join(FAILED_DIR, `${expect.getState().currentTestName ?? 'page'}.png`.replace(/[^\w.-]+/g, '-')),
      });
      throw error;
    } finally {
      await page.context().close();
    }
  }

  describe('the fleet', () => {
    it('says which jobs need you, lists the five with findings, and folds the healthy one', () =>
      inTab({}, async (page) => {
        await visit(page, service.url);
        const verdict = await page.locator('.verdict').innerText();
        expect(verdict).toMatch(/^\d jobs need you:/);
        for (const name of ['orders-enrich', 'billing-sink', 'clickstream-sessions', 'inventory-state'])
          expect(verdict).toContain(name);
        const rows = page.locator('a[data-row]');
        expect(await rows.count()).toBe(5);
        expect(await rows.filter({ hasText: 'orders-enrich' }).innerText()).toContain('One key carries');
        expect(await rows.filter({ hasText: 'billing-sink' }).innerText()).toContain('waits for something outside');
        expect(await rows.filter({ hasText: 'payments-ledger' }).count()).toBe(0);
        await page.getByText('1 healthy job').click();
        expect(await rows.filter({ hasText: 'payments-ledger' }).innerText()).toContain('Nothing to change.');
      }));

    it('says that the cluster is simulated and how old its data is, and the age starts anew with a round', () =>
      inTab({}, async (page) => {
        await visit(page, service.url);
        expect(await page.locator('header').innerText()).toContain('Simulated demo cluster');
        await page.locator('header .age', { hasText: /data [5-9]\ss old/ }).waitFor();
        await page.locator('header .age', { hasText: /data [1-3]\ss old/ }).waitFor();
      }));

    it('opens a job by keyboard alone', () =>
      inTab({}, async (page) => {
        await visit(page, service.url);
        await page.keyboard.press('j');
        await page.keyboard.press('j');
        await page.keyboard.press('k');
        const focused = page.locator('a[data-row]:focus');
        const name = await focused.locator('.name').innerText();
        await page.keyboard.press('Enter');
        await page.getByRole('heading', { level: 1, name }).waitFor();
        expect(new URL(page.url()).pathname).toBe(jobPath(name));
      }));

    it('filters as one types, keeps the filter in the address, and says when nothing is left', () =>
      inTab({}, async (page) => {
        await visit(page, service.url);
        await page.keyboard.press('/');
        await page.keyboard.type('enrich');
        await page.getByText('1 of 6 jobs').waitFor();
        await page.reload();
        await page.getByText('1 of 6 jobs').waitFor();
        await page.getByRole('searchbox', { name: 'Filter jobs' }).fill('nothing like this');
        await page.getByText('No job matches these filters.').waitFor();
        await page.getByRole('button', { name: 'Show all jobs' }).click();
        await page.getByText('6 of 6 jobs').waitFor();
      }));

    it('comes in few bytes: scripts under 90 kB and all under 160 kB on the wire', () =>
      inTab({}, async (page) => {
        await visit(page, service.url);
        const loaded = await page.evaluate<{ name: string; transferSize: number }[]>(
          `performance.getEntriesByType('resource')
            .filter(({ name }) => !name.includes('/stream'))
            .map(({ name, transferSize }) => ({ name, transferSize }))`,
        );
        const bytes = (kind: RegExp) =>
          loaded.filter(({ name }) => kind.test(name)).reduce((sum, { transferSize }) => sum + transferSize, 0);
        expect(bytes(/\.js$/)).toBeGreaterThan(10_000);
        expect(bytes(/\.js$/)).toBeLessThan(90_000);
        expect(bytes(/./)).toBeLessThan(160_000);
      }));
  });

  describe('the page of a job', () => {
    it('names the cause, marks its vertex and no other, and shows what it explains', () =>
      inTab({}, async (page) => {
        await visit(page, `${service.url}${jobPath('orders-enrich')}`);
        expect(await page.locator('.answer').innerText()).toContain('One key carries');
        expect(await page.locator('button.box.cause .name').allInnerTexts()).toEqual(['enrich']);
        expect(await page.locator('button.box.pressured .name').allInnerTexts()).toEqual(['Source: orders', 'parse']);
        const findings = page.locator('article').first();
        expect(await findings.innerText()).toMatch(/critical[\s\S]*cause[\s\S]*Explains: .*enrich is at its limit/);
      }));

    it('shows the change as a diff in the dialect one works in, and copies it', () =>
      inTab({}, async (page) => {
        await visit(page, `${service.url}${jobPath('billing-sink')}`);
        const diff = page.getByRole('tabpanel');
        expect(await diff.innerText()).toMatch(/^\+ pipeline\.jobvertex-parallelism-overrides: '[0-9a-f]{32}:\d+'/);
        await page.getByRole('tab', { name: 'FlinkDeployment' }).click();
        expect(await diff.innerText()).toContain('flinkConfiguration:');
        await page.getByRole('button', { name: 'Copy FlinkDeployment' }).click();
        await page.getByText('Copied').waitFor();
        const copied = await page.evaluate<string>('navigator.clipboard.readText()');
        expect(copied).toMatch(/^spec:\n {2}flinkConfiguration:\n {4}pipeline\.jobvertex-parallelism-overrides: /);
        await page.reload();
        await settled(page);
        expect(await diff.innerText()).toContain('flinkConfiguration:');
      }));

    it('draws subtasks and checkpoints, and has the same figures as tables', () =>
      inTab({}, async (page) => {
        await visit(page, `${service.url}${jobPath('orders-enrich')}`);
        const heat = page.locator('[data-panel=heat]');
        const checkpoints = page.locator('[data-panel=checkpoints]');
        expect(await heat.getByRole('img').locator('path[d^=M]').count()).toBeGreaterThan(1);
        expect(await heat.getByRole('button', { name: /^Subtask \d/ }).count()).toBe(4);
        expect(await checkpoints.getByRole('img').locator('rect').count()).toBeGreaterThan(10);
        await heat.getByRole('button', { name: 'Table' }).click();
        expect(await heat.locator('tbody tr').count()).toBe(4);
        expect(await heat.locator('tbody tr').nth(3).innerText()).toMatch(/^3\s+(100|99)%/);
        await checkpoints.getByRole('button', { name: 'Table' }).click();
        expect(await checkpoints.locator('tbody tr').count()).toBeGreaterThan(10);
        expect(await checkpoints.locator('tbody tr').nth(1).innerText()).toMatch(/done in/);
        await page.reload();
        await settled(page);
        expect(await page.locator('[data-panel] table').count()).toBe(3);
      }));

    it('follows a subtask and a vertex by keyboard, and keeps both in the address', () =>
      inTab({}, async (page) => {
        await visit(page, `${service.url}${jobPath('orders-enrich')}`);
        await page.locator('button.box', { hasText: 'parse' }).focus();
        await page.keyboard.press('Enter');
        await page.waitForURL(/[?&]v=[0-9a-f]{32}/);
        await page.locator('button.box', { hasText: 'enrich' }).first().focus();
        await page.keyboard.press('Enter');
        await page
          .locator('[data-panel=heat]')
          .getByRole('button', { name: /^Subtask 3/ })
          .focus();
        await page.keyboard.press('Enter');
        await page.waitForURL(/[?&]s=3/);
        expect(await page.locator('[data-panel=heat] .facts').innerText()).toContain('Subtask 3');
      }));

    it('leads from an event to the job as it was then, says as of when, and back to now', () =>
      inTab({}, async (page) => {
        await visit(page, `${service.url}${jobPath('orders-enrich')}`);
        await page
          .locator('[data-panel=timeline] li', { hasText: 'One key carries' })
          .first()
          .getByRole('link')
          .click();
        await page.waitForURL(/[?&]at=\d{13}/);
        const banner = page.locator('.past');
        await banner.getByText(/^As of/).waitFor();
        await page.locator('.answer', { hasText: 'One key carries' }).waitFor();
        await settled(page);
        expect(await seriousViolations(page)).toEqual([]);
        expect(await page.locator('#main').innerText()).not.toMatch(SLIPS);
        await visit(page, `${page.url()}&lang=zh-CN`);
        expect(await banner.innerText()).toMatch(/^截至/);
        await banner.getByRole('link').click();
        await banner.waitFor({ state: 'detached' });
        expect(page.url()).not.toContain('at=');
      }));

    it('of a healthy job says that nothing holds it back', () =>
      inTab({}, async (page) => {
        await visit(page, `${service.url}${jobPath('payments-ledger')}`);
        expect(await page.locator('.answer').innerText()).toContain('Nothing holds this job back');
        expect(await page.locator('button.box.cause').count()).toBe(0);
        expect(await page.getByText(/No findings: \d+ rules looked and are content/).count()).toBe(1);
      }));

    it('of a job that is not there says so, and leads back', () =>
      inTab({}, async (page) => {
        const { page: own } = await openTab(browser);
        await visit(own, `${service.url}/`);
        await own.goto(`${service.url}/jobs/demo/nope`);
        await own.getByText('No job nope is known').waitFor();
        await own.context().close();
        await page.goto(`${service.url}/nowhere/at/all`);
        await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
        await page.getByRole('link', { name: 'To all jobs' }).click();
        await page.locator('.verdict').waitFor();
      }));
  });

  describe('in Chinese', () => {
    it.each(['/', 'orders-enrich', 'payments-ledger', '/rules', '/status'])('%s', (place) =>
      inTab({}, async (page) => {
        await visit(page, `${service.url}${place.startsWith('/') ? place : jobPath(place)}?lang=zh-CN`);
        expect(await page.evaluate<string>('document.documentElement.lang')).toBe('zh-CN');
        expect(await page.locator('header').innerText()).toMatch(/作业/);
        const headings = await page.locator('h1:not(.line h1), h2').allInnerTexts();
        const flinksWords = ['Checkpoint', 'TaskManager', 'TaskManagers'];
        expect(headings.filter((heading) => !HAN.test(heading) && !flinksWords.includes(heading))).toEqual([]);
        const sentences = await page.locator('.answer, .verdict, article h3, .finding').allInnerTexts();
        for (const sentence of sentences) expect(sentence).toMatch(HAN);
      }),
    );
  });

  const LOOKS = [
    { theme: 'light', width: 1440, height: 1000 },
    { theme: 'dark', width: 1440, height: 1000 },
    { theme: 'light', width: 390, height: 844 },
    { theme: 'dark', width: 390, height: 844 },
  ] as const;
  describe.each(LOOKS)('$theme at $width px', (look) => {
    const places: readonly (readonly [string, () => string])[] = [
      ['fleet', () => '/'],
      ...[
        'orders-enrich',
        'billing-sink',
        'clickstream-sessions',
        'inventory-state',
        'audit-log-archive',
        'payments-ledger',
      ].map((name) => [name, () => jobPath(name)] as const),
      ['rules', () => '/rules'],
      ['a rule', () => '/rules/skew-hot-key'],
      ['status', () => '/status'],
    ];
    it.each(places)('%s: nothing that axe calls serious, no sideways scroll, no slip of the pen', (name, path) =>
      inTab(look, async (page) => {
        await visit(page, `${service.url}${path()}`);
        expect(await seriousViolations(page)).toEqual([]);
        expect(await overflowPx(page)).toBeLessThanOrEqual(0);
        expect(SLIPS.exec(await page.locator('body').innerText())).toBeNull();
        const smallestPx = await page.evaluate<number>(
          `Math.min(...[...document.querySelectorAll('main *')]
            .filter((element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim()))
            .map((element) => Number.parseFloat(getComputedStyle(element).fontSize)))`,
        );
        expect(smallestPx).toBeGreaterThanOrEqual(12);
      }),
    );
  });

  it('the picture of the README is a job page with its cause', () =>
    inTab({ height: 1000 }, async (page) => {
      await visit(page, `${service.url}${jobPath('orders-enrich')}?theme=light`);
      const path = join(picturesDir ?? dir.path, 'job-page.png');
      await page.screenshot({ path });
      expect(statSync(path).size).toBeLessThanOrEqual(PICTURE_BYTES_MAX);
    }));

  describe('when something is away', () => {
    it('a cluster that does not answer is unknown, in words, and works below a base path', async () => {
      const cwd = join(dir.path, 'away');
      mkdirSync(cwd);
      writeFileSync(join(cwd, 'weir.yaml'), 'server: { basePath: /flink/weir/ }\nstore: { kind: memory }\n');
      const away = await startService(['--flink', 'http://127.0.0.1:1'], cwd);
      try {
        await inTab({}, async (page) => {
          await visit(page, `${away.url}/flink/weir/`);
          expect(await page.locator('main').innerText()).toMatch(/127\.0\.0\.1-1\s+cannot be read/);
          expect(await page.locator('main').innerText()).toContain('refused the connection');
          await page.getByRole('link', { name: 'Status' }).click();
          await page.getByRole('heading', { name: 'Status' }).waitFor();
          expect(new URL(page.url()).pathname).toBe('/flink/weir/status');
          await page.reload();
          await page.getByRole('heading', { name: 'Status' }).waitFor();
        });
      } finally {
        await away.end();
      }
    });

    // Last: it ends the service that all others use.
    it('a stopped service is said in words, and what was read stays', async () => {
      const { page } = await openTab(browser);
      await visit(page, `${service.url}${jobPath('orders-enrich')}`);
      await service.end();
      await page.getByText(/Live updates stopped at \d\d:\d\d\./).waitFor();
      expect(await page.getByRole('button', { name: 'Try again' }).count()).toBeGreaterThan(0);
      expect(await page.locator('.answer').innerText()).toContain('One key carries');
      expect(await seriousViolations(page)).toEqual([]);
      await page.context().close();
    });
  });
});
