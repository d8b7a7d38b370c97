import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { AxeResults } from 'axe-core';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** A report that is open in a browser, and what the browser had to say. */
interface OpenReport {
  readonly page: Page;
  /** Errors, messages of the console, dialogs, and requests for anything but the file itself. */
  readonly complaints: readonly string[];
  go(hash: string): Promise<void>;
}

/** Opens the report at a hash, ready to be used. */
export async function openReport(
  browser: Browser | BrowserContext,
  file: string,
  { hash = '', ...options }: BrowserContextOptions & { hash?: string } = {},
): Promise<OpenReport> {
  const page = await browser.newPage(options);
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => complaints.push(`dialog: ${dialog.message()}`));
  page.on('request', (request) => {
    if (!request.isNavigationRequest()) complaints.push(`request: ${request.url()}`);
  });
  const address = pathToFileURL(file).href;
  await page.goto(`${address}${hash}`);
  await isDrawn(page);
  return {
    page,
    complaints,
    async go(next) {
      // Another hash alone would not load the page anew.
      await page.goto('about:blank');
      await page.goto(`${address}${next}`);
      await isDrawn(page);
    },
  };
}

/** Figures are drawn once their place has a size. */
async function isDrawn(page: Page): Promise<void> {
  await page.waitForSelector('html[data-ready]');
  await page.waitForFunction(() => document.querySelector('.fitted:empty') === null);
}

/**
 * Holds the page to what an accessibility library finds wrong: contrast, landmarks, names, order.
 */
export async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(axe);
  const { violations, passes } = await page.evaluate(() =>
    (globalThis as typeof globalThis & { axe: { run(): Promise<AxeResults> } }).axe.run(),
  );
  const found = violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => ({ id, target, failureSummary })),
  );
  expect(found).toEqual([]);
  expect(passes.map(({ id }) => id)).toContain('color-contrast');
}
