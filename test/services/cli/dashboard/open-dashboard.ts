import { mkdirSync } from 'node:fs';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { LookedAtAccount } from './looked-at-account';

/** A dashboard in a browser, and what the browser had to say. */
interface OpenDashboard {
  readonly page: Page;
  /** Errors, messages of the console, and requests to anybody but the server. */
  readonly complaints: readonly string[];
}

export async function openDashboard(
  browser: Browser,
  { dashboard }: LookedAtAccount,
  { hash = '', ...options }: BrowserContextOptions & { readonly hash?: string } = {},
): Promise<OpenDashboard> {
  const page = await browser.newPage(options);
  page.setDefaultTimeout(15_000);
  const complaints: string[] = [];
  const { origin } = new URL(dashboard.address);
  page.on('console', (message) => complaints.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('request', (request) => {
    if (!request.url().startsWith(origin) && !request.url().startsWith('data:')) {
      complaints.push(`request: ${request.url()}`);
    }
  });
  await page.goto(`${dashboard.address}${hash}`);
  await page.waitForSelector('html[data-ready]');
  return { page, complaints };
}

/** Keeps a picture where somebody wants to look: in the folder that REWIND_SHOTS names. */
export async function shoot(page: Page, name: string): Promise<void> {
  const folder = process.env.REWIND_SHOTS;
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: `${folder}/${name}.png` });
}
