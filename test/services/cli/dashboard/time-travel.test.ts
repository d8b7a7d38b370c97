import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Notification } from '../../../../infra/ecs-simulator/src/ecs-simulator';
import { describeInBrowser, launchBrowser } from '../report/browser';
import { expectAccessible } from '../report/report-in-browser';
import { LookedAtAccount } from './looked-at-account';
import { openDashboard, shoot } from './open-dashboard';

let looked: LookedAtAccount;
let browser: Browser;
let rolloutHash = '';
let serviceHash = '';

/** Of the bad release, the first task that crashes is told of a minute and a half later. */
function lateOnce(): (envelope: Notification) => readonly number[] {
  let isLate = false;
  return ({ detail }) => {
    if (isLate || detail.stopCode !== 'EssentialContainerExited') return [0];
    isLate = true;
    return [90];
  };
}

beforeAll(async () => {
  [looked, browser] = await Promise.all([
    LookedAtAccount.start({ seed: 3, delaysOf: lateOnce() }),
    launchBrowser(),
  ]);
  const { world } = looked.account;
  await world.deployBad({ crashes: 'at once', breaker: 'none' });
  await world.settle();
  const { page } = await openDashboard(browser, looked);
  await page.getByRole('link', { name: 'prod/web' }).click();
  await page.getByRole('heading', { name: 'Revisions', exact: true }).waitFor();
  serviceHash = new URL(page.url()).hash;
  rolloutHash = (await page.getByRole('link', { name: 'web:2', exact: true }).getAttribute('href')) ?? '';
  await page.close();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await looked?.stop();
});

describeInBrowser('time travel', () => {
  it('shows the state as it was known before and after a late fact, and marks it', async () => {
    const { page, complaints } = await openDashboard(browser, looked, { hash: rolloutHash });
    const words = page.locator('.travel-words');
    const factsKnown = async () => Number(/(\d+) facts known/.exec((await words.textContent()) ?? '')?.[1]);
    const all = await factsKnown();
    const late = page.locator('.late-facts li');
    expect(await late.count()).toBe(1);
    expect(await late.textContent()).toContain('it came behind the verdict, which it does not change');
    expect(await page.locator('.knowledge .late.known').count()).toBe(1);
    await late.getByRole('link', { name: 'just before' }).click();
    await words.getByText(/^As known at .* yet to be learnt\.$/).waitFor();
    const before = await factsKnown();
    expect(before).toBeLessThan(all);
    expect(await late.getAttribute('class')).toBe('unknown');
    expect(await page.locator('.knowledge .late.known').count()).toBe(0);
    await shoot(page, 'before-late-fact');
    await late.getByRole('link', { name: 'when it was learnt' }).click();
    await page.locator('.knowledge .late.known').waitFor();
    expect(await factsKnown()).toBeGreaterThan(before);
    await expectAccessible(page);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('goes from the start to now, by keyboard and by its buttons, and plays', async () => {
    const { page, complaints } = await openDashboard(browser, looked, { hash: rolloutHash });
    const slider = page.getByRole('slider', { name: 'What was known at' });
    const words = page.locator('.travel-words');
    await slider.focus();
    await page.keyboard.press('Home');
    await words.getByText(/^As known at .*, 0:00 after the start/).waitFor();
    expect(await page.getByRole('heading', { level: 1 }).textContent()).not.toContain('rolled back');
    expect(await slider.evaluate((node) => node === document.activeElement)).toBe(true);
    const start = await words.textContent();
    await page.getByRole('button', { name: 'To the next fact' }).click();
    await page.waitForFunction(
      (text) => document.querySelector('.travel-words')?.textContent !== text,
      start,
    );
    await page.getByRole('button', { name: 'Play' }).click();
    await words.getByText(/rolling back/).waitFor();
    await shoot(page, 'playing');
    await page.getByRole('button', { name: 'Pause' }).click();
    expect(new URL(page.url()).hash).toContain('at=');
    const shared = await openDashboard(browser, looked, { hash: new URL(page.url()).hash });
    expect(await shared.page.locator('.travel-words').textContent()).toBe(await words.textContent());
    await shared.page.close();
    await page.getByRole('button', { name: 'What is known now' }).click();
    await words.getByText(/^Now: rolled back/).waitFor();
    expect(new URL(page.url()).hash).not.toContain('at=');
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('opens the notification behind a line, as it was known then', async () => {
    const { page } = await openDashboard(browser, looked, { hash: rolloutHash });
    await page.locator('.moments a').first().click();
    const dialog = page.locator('dialog');
    await dialog.getByText('"detail-type": "ECS Deployment State Change"').waitFor();
    await dialog.getByRole('button', { name: 'Close' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.close();
  });
});

describeInBrowser('the keyboard', () => {
  it('reaches everything in reading order, each stop being seen, and the heading first after a move', async () => {
    const { page } = await openDashboard(browser, looked, {
      hash: serviceHash,
      viewport: { width: 1024, height: 800 },
    });
    const stops: string[] = [];
    for (let stop = 0; stop < 12; stop += 1) {
      await page.keyboard.press('Tab');
      stops.push(await page.evaluate(() => document.activeElement?.textContent?.slice(0, 24) ?? ''));
      const isSeen = await page.evaluate(() => {
        const { top, bottom, width } = document.activeElement?.getBoundingClientRect() ?? new DOMRect();
        return width > 0 && bottom > 0 && top < innerHeight;
      });
      expect(isSeen, stops.at(-1)).toBe(true);
    }
    expect(stops.slice(0, 2)).toEqual(['Skip to the content', 'Rewind']);
    expect(stops.indexOf('all services')).toBeLessThan(stops.indexOf('AWS console ↗'));
    await page.getByRole('link', { name: 'all services' }).click();
    await page.getByRole('heading', { name: 'Services' }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1');
    await page.close();
  });
});
