import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openGate } from '../../reconciler/worlds/rollback-world';
import { describeInBrowser, launchBrowser } from '../report/browser';
import { expectAccessible } from '../report/report-in-browser';
import { LookedAtAccount } from './looked-at-account';
import { openDashboard, shoot } from './open-dashboard';

let looked: LookedAtAccount;
let browser: Browser;
let serviceHash = '';
let rolloutHash = '';
beforeAll(async () => {
  [looked, browser] = await Promise.all([LookedAtAccount.start({ seed: 3 }), launchBrowser()]);
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await looked?.stop();
});

describeInBrowser('the dashboard, while a bad release comes and goes back', () => {
  it('shows it appear, fail and go back', async () => {
    const { world } = looked.account;
    const { page, complaints } = await openDashboard(browser, looked);
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
    rolloutHash = new URL(page.url()).hash;
    await page.getByRole('link', { name: 'prod/web' }).click();
    await page.getByRole('heading', { name: 'Revisions', exact: true }).waitFor();
    serviceHash = new URL(page.url()).hash;
    expect(complaints).toEqual([]);
    await page.close();
  });
});

const widths = [375, 1024, 1920];
describeInBrowser.each(['light', 'dark'] as const)('the dashboard in %s colours', (colorScheme) => {
  it('shows every view accessibly, without a complaint, and no wider than the screen', async () => {
    const views = [
      ['list', '#/', 'Services'],
      ['service', serviceHash, 'prod/web'],
      ['rollout', rolloutHash, 'prod/web to web:2 rolled back'],
      ['nothing', '#/s/1/eu/no/such', 'This cannot be shown'],
    ] as const;
    const { page, complaints } = await openDashboard(browser, looked, { colorScheme });
    for (const [name, hash, heading] of views) {
      await page.evaluate((to) => {
        location.hash = to;
      }, hash);
      await page.getByRole('heading', { level: 1, name: heading, exact: true }).waitFor();
      for (const width of widths) {
        await page.setViewportSize({ width, height: width < 500 ? 812 : 1000 });
        await page.waitForFunction(() => document.querySelector('.fitted:empty') === null);
        await shoot(page, `${name}-${colorScheme}-${width}`);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
        // Nothing is laid out in another way between a desk's two widths.
        if (width < 1920) await expectAccessible(page);
      }
    }
    expect(complaints).toEqual([]);
    await page.close();
  });
});
