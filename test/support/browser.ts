import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import { chromium, type Browser, type Page } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const SETTLED_MS = 30_000;

/** The system's Chromium: `CHROMIUM` names it, else the usual places. Without one the suite is skipped, but never in CI. */
export function findChromium(env: NodeJS.ProcessEnv): string | undefined {
  const named = env['CHROMIUM'];
  const found = named === undefined || named === '' ? PLACES.find((path) => existsSync(path)) : named;
  if (found !== undefined && existsSync(found)) return found;
  const why = `no Chromium at ${found ?? PLACES.join(', ')}; set CHROMIUM to one`;
  if (env['CI'] === 'true') throw new Error(`The pages must be tested in CI: ${why}.`);
  process.stderr.write(`Pages are not tested: ${why}.\n`);
  return undefined;
}

/** Chromium keeps no sandbox as root, as in containers. */
export function openBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

export interface ViewOptions {
  readonly width?: number;
  readonly height?: number;
  readonly theme?: 'light' | 'dark';
}

/** A tab of its own. What its console says as an error is kept in `errors`. */
export async function openTab(
  browser: Browser,
  { width = 1440, height = 1000, theme = 'light' }: ViewOptions = {},
): Promise<{ readonly page: Page; readonly errors: string[] }> {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: theme,
    reducedMotion: 'reduce',
    locale: 'en-GB',
    timezoneId: 'UTC',
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(error.message));
  return { page, errors };
}

// What runs in the page is given as text: these files are compiled without the browser's types.

/** Goes to an address and waits until nothing on the page is still being read. */
export async function visit(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await settled(page);
}

export async function settled(page: Page): Promise<void> {
  await page.locator('#main h1').first().waitFor({ state: 'attached', timeout: SETTLED_MS });
  const reading = page.locator('#main [role=status]', { hasText: '…' }).first();
  await reading.waitFor({ state: 'detached', timeout: SETTLED_MS });
}

/** The rules of axe that are broken seriously or critically, with the first place of each. */
export async function seriousViolations(page: Page): Promise<readonly string[]> {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate<AxeResults>(`axe.run(document, { resultTypes: ['violations'] })`);
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id} (${nodes.length}): ${nodes[0]?.html.slice(0, 160) ?? ''}`);
}

/** Pixels by which the page is wider than its window. */
export function overflowPx(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
}
