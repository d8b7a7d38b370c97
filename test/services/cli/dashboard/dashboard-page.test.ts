import { mkdirSync } from 'node:fs';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openGate } from '../../reconciler/worlds/rollback-world';
import { describeInBrowser, launchBrowser } from '../report/browser';
import { expectAccessible } from '../report/report-in-browser';
import { LookedAtAccount } from './looked-at-account';

let looked: LookedAtAccount;
let browser: Browser;
beforeAll(async () => {
  [looked, browser] = await Promise.all([LookedAtAccount.start({ seed: 3 }), launchBrowser()]);
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await looked?.stop();
});

async function openDashboard(
  hash = '',
  options: BrowserContextOptions = {},
): Promise<{ page: Page; complaints: string[] }> {
  const page = await browser.newPage(options);
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  await page.goto(`${looked.dashboard.address}${hash}`);
  await page.waitForSelector('html[data-ready]');
  return { page, complaints };
}

const shots = process.env.REWIND_SHOTS;
async function shoot(page: Page, name: string) {
  if (shots === undefined) return;
  mkdirSync(shots, { recursive: true });
  await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true });
}

describeInBrowser('the dashboard, while a bad release comes and goes back', () => {
  it('shows it appear, fail and go back', async () => {
    const { world } = looked.account;
    const { page, complaints } = await openDashboard();
    await page.getByRole('row', { name: /prod\/web/ }).waitFor();
    expect(new URL(page.url()).search).toBe('');
    await shoot(page, 'quiet');
    await world.deployBad({ crashes: 'at once', breaker: 'none' });
    await world.passUntil(
      () => world.notifications.filter(({ detail }) => detail.lastStatus === 'RUNNING').length > 3,
    );
    await world.reconcilerBehind(openGate)(world.wakeUp());
    const card = page.locator('.card', { hasText: 'prod/web' });
    await card.getByText('to web:2').waitFor();
    await shoot(page, 'live');
    await card.getByRole('link', { name: 'to web:2' }).click();
    await page.getByRole('heading', { name: 'prod/web to web:2' }).waitFor();
    await shoot(page, 'rollout-live');
    await world.settle();
    await page.getByText(/^Verdict after .*: failed \(TaskFailures\)/).waitFor();
    await page.getByRole('heading', { name: 'rolled back' }).waitFor();
    await shoot(page, 'rollout');
    await expectAccessible(page);
    expect(complaints).toEqual([]);
    await page.close();
  });
});
