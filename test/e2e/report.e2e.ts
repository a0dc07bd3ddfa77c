import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Language } from '../../analyzer/text.js';
import { renderedReport, reportMail } from '../../cli/weekly/rendered.js';
import { findChromium, openBrowser, openTab, overflowPx, seriousViolations } from '../support/browser.js';
import { fleetReport } from '../support/weekly-fixture.js';

const chromium = findChromium(process.env);
/** Where the pictures go that a person looks at; without it, nowhere. */
const picturesDir = process.env['WEIR_SCREENSHOTS'];
const LANGUAGES: readonly Language[] = ['en', 'zh-CN'];
const THEMES = ['light', 'dark'] as const;
/** As wide as the column of the mail, and a telephone. */
const WIDTHS = [600, 390] as const;
const JOBS = 12;
/** Figures that must fit side by side need this. */
const SMALLEST_TEXT_PX = 12;

describe.skipIf(chromium === undefined)('the weekly report in a browser', () => {
  let browser: Browser;
  const pages = new Map<Language, string>();

  beforeAll(async () => {
    browser = await openBrowser(chromium ?? '');
    for (const language of LANGUAGES) pages.set(language, await renderedReport(fleetReport(JOBS), 'html', language));
  });
  afterAll(() => browser?.close());

  async function inTab(options: Parameters<typeof openTab>[1], html: string, claim: (page: Page) => Promise<void>) {
    const { page, errors } = await openTab(browser, options);
    try {
      const asked: string[] = [];
      page.on('request', (request) => asked.push(request.url()));
      await page.setContent(html, { waitUntil: 'load' });
      await claim(page);
      expect(errors).toEqual([]);
      expect(asked.filter((url) => !url.startsWith('data:'))).toEqual([]);
    } finally {
      await page.context().close();
    }
  }

  for (const language of LANGUAGES)
    for (const theme of THEMES)
      for (const width of WIDTHS)
        it(`${language}, ${theme}, ${width} px: nothing sideways, nothing that axe finds serious, nothing from elsewhere`, () =>
          inTab({ width, height: 900, theme }, pages.get(language) ?? '', async (page) => {
            if (picturesDir !== undefined) {
              mkdirSync(picturesDir, { recursive: true });
              await page.screenshot({
                path: join(picturesDir, `report-${language}-${theme}-${width}.png`),
                fullPage: true,
              });
            }
            expect(await overflowPx(page)).toBeLessThanOrEqual(0);
            expect(await seriousViolations(page)).toEqual([]);
            const smallest = await page.evaluate<number>(
              `Math.min(...[...document.querySelectorAll('main *')].filter((one) => one.childElementCount === 0 && one.textContent.trim() !== '').map((one) => parseFloat(getComputedStyle(one).fontSize)))`,
            );
            expect(smallest).toBeGreaterThanOrEqual(SMALLEST_TEXT_PX);
          }));

  it('draws both charts, each as wide as its column', () =>
    inTab({ width: 390 }, pages.get('en') ?? '', async (page) => {
      const widths = await page.evaluate<number[][]>(
        `[...document.images].map((one) => [one.naturalWidth, one.clientWidth, one.parentElement.clientWidth])`,
      );
      expect(widths).toHaveLength(2);
      for (const [natural = 0, shown = 0, room = 0] of widths) {
        expect(natural).toBe(1120);
        expect(Math.abs(shown - room)).toBeLessThanOrEqual(1);
      }
    }));

  it('as mail with its pictures switched off it reads the same: words in their place, figures as tables', async () => {
    const { html } = await reportMail(fleetReport(JOBS), 'en', ['lead@example.org']);
    const { page } = await openTab(browser, { width: 600 });
    // A content id is an address that no browser knows: as in a mail program that shows no pictures.
    await page.setContent(html, { waitUntil: 'load' });
    expect(await page.getByRole('img').count()).toBe(2);
    expect(await page.getByRole('img', { name: /mean health \d+ of 100/ }).count()).toBe(1);
    expect(await page.getByRole('table', { name: 'Health over the week' }).locator('tbody tr').count()).toBe(7);
    expect(await page.getByRole('table', { name: 'Findings by day' }).locator('tbody tr').count()).toBe(7);
    expect(await overflowPx(page)).toBeLessThanOrEqual(0);
    await page.context().close();
  });

  it('without its style sheet everything is still there, in order', () =>
    inTab({ width: 600 }, (pages.get('en') ?? '').replace(/<style>.*?<\/style>/s, ''), async (page) => {
      const headings = await page.getByRole('heading', { level: 2 }).allInnerTexts();
      expect(headings).toEqual([
        'What to change first',
        'What changed since the week before',
        'Health over the week',
        'Findings by day',
        'Advice that was followed',
        'Savings',
        'Jobs',
        'Settings to decide',
      ]);
    }));

  it('of a hundred jobs it is as sound as of twelve', async () => {
    const html = await renderedReport(fleetReport(100), 'html', 'zh-CN');
    await inTab({ width: 390 }, html, async (page) => {
      expect(await overflowPx(page)).toBeLessThanOrEqual(0);
      expect(await seriousViolations(page)).toEqual([]);
    });
  });
});
