import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { arrowsOfDeploymentMachine } from '../../../../state-machines/rollout/machine-chart';
import { history } from '../../../fixtures/histories/history';
import { rewind, temporaryFiles } from '../rewind';
import { describeInBrowser, launchBrowser } from './browser';
import { expectAccessible, openReport } from './report-in-browser';

const hostile = '</script><script>alert(1)</script><img src=x onerror=alert(2)>';

const { lines, rollouts } = history({ services: 3, rollouts: 3, badPercent: 40, lines: 400, seed: 5 });
const text = lines.join('\n').replaceAll('Essential container in task exited', hostile);
const files = temporaryFiles();
const failedOnes = rollouts.filter(({ isBad }) => isBad);

let browser: Browser;
let file: string;
let rolloutHash: string;

beforeAll(async () => {
  browser = await launchBrowser();
  const { code, stdout, stderr } = await rewind(['replay', '--format', 'html'], text);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  file = files.write('report.html', stdout);
  const { page } = await openReport(browser, file, { hash: '#/?outcome=rolledBack' });
  rolloutHash = (await page.getAttribute('tbody a', 'href')) ?? '';
  await page.close();
});
afterAll(async () => {
  await browser?.close();
});

const phone = { width: 375, height: 700 };
const desk = { width: 1600, height: 1000 };

describeInBrowser.each(['light', 'dark'] as const)('the report in %s colours', (colorScheme) => {
  it('shows every view without a complaint, accessibly, and no wider than the screen', async () => {
    const { page, complaints, go } = await openReport(browser, file, { colorScheme });
    for (const viewport of [phone, desk]) {
      await page.setViewportSize(viewport);
      for (const hash of ['#/', rolloutHash, `${rolloutHash}?event=0`, '#/rollout/nothing/of/that']) {
        await go(hash);
        await expectAccessible(page);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(viewport.width);
      }
    }
    expect(complaints).toEqual([]);
    await page.close();
  });
});

describeInBrowser('the index', () => {
  it('is filtered by text and outcome, and its address shows the same to somebody else', async () => {
    const { page } = await openReport(browser, file);
    const rows = () => page.locator('tbody tr').allTextContents();
    const all = await rows();
    await page.getByLabel('Text').fill('service-1');
    const ofService = all.filter((row) => row.includes('service-1'));
    expect(await rows()).toEqual(ofService);
    await page.getByLabel('Outcome').selectOption('succeeded');
    const succeeded = ofService.filter((row) => row.includes('succeeded'));
    expect(succeeded.length).toBeLessThan(ofService.length);
    expect(await rows()).toEqual(succeeded);
    expect(await page.locator('[role=status]').textContent()).toBe(
      `${succeeded.length} of ${all.length} rollouts`,
    );
    const hash = new URL(page.url()).hash;
    expect(hash).toBe('#/?text=service-1&outcome=succeeded');
    const { page: another } = await openReport(browser, file, { hash });
    expect(await another.locator('tbody tr').allTextContents()).toEqual(succeeded);
    expect(await another.getByLabel('Text').inputValue()).toBe('service-1');
    await Promise.all([page.close(), another.close()]);
  });

  it('says so where nothing passes the filters', async () => {
    const { page, complaints } = await openReport(browser, file, { hash: '#/?text=nowhere' });
    expect(await page.locator('[role=status]').textContent()).toMatch(/^0 of /);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('is worked with the keyboard from top to bottom, each stop being seen', async () => {
    const { page } = await openReport(browser, file);
    const stops: string[] = [];
    for (let stop = 0; stop < 8; stop += 1) {
      await page.keyboard.press('Tab');
      const { name, outline } = await page.evaluate(() => {
        const focused = document.activeElement as HTMLElement;
        const label = focused.closest('label')?.firstChild?.textContent ?? focused.textContent ?? '';
        return { name: label.trim(), outline: getComputedStyle(focused).outlineStyle };
      });
      expect(outline).not.toBe('none');
      stops.push(name);
    }
    const firstRow = await page.locator('tbody a').first().textContent();
    expect(stops).toEqual([
      'Skip to the content',
      'Rewind',
      'Theme',
      'Text',
      'Outcome',
      'Reason',
      'Order',
      firstRow,
    ]);
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.activeElement?.tagName === 'H1' && location.hash !== '');
    expect(await page.locator('h1').textContent()).toContain(firstRow);
    await page.close();
  });

  it('is printed whole, without its controls', async () => {
    const { page } = await openReport(browser, file);
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.filters').isVisible()).toBe(false);
    expect((await page.pdf()).byteLength).toBeGreaterThan(10_000);
    expect(await page.locator('tbody tr').count()).toBeGreaterThan(rollouts.length - 1);
    await page.close();
  });
});

describeInBrowser('a rollout', () => {
  it('opens the notifications of a task from its lane, as they arrived, and gives the focus back', async () => {
    const { page } = await openReport(browser, file, { hash: rolloutHash, viewport: desk });
    const lane = page.locator('figure svg[role=group] a').first();
    const href = (await lane.getAttribute('href')) ?? '';
    await lane.focus();
    await page.keyboard.press('Enter');
    const dialog = page.locator('dialog');
    await dialog.waitFor();
    const shown = (await dialog.locator('pre').allTextContents()).map((json) => JSON.parse(json));
    const task = new URLSearchParams(href.split('?')[1]).get('task') ?? '';
    const arrived = text.split('\n').filter((line) => line.includes(`"taskArn":"`) && line.includes(task));
    expect(shown).toEqual(arrived.map((line) => JSON.parse(line)));
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(new URL(page.url()).hash).toBe(rolloutHash);
    expect(await page.evaluate(() => document.activeElement?.getAttribute('href'))).toBe(href);
    await page.close();
  });

  it('shows what a history quotes as text, whatever it looks like', async () => {
    const failing = failedOnes.map(({ deployment }) => deployment.replace('ecs-svc/', ''));
    const { page, complaints, go } = await openReport(browser, file);
    const links = await page
      .locator('tbody a')
      .evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''));
    let quoted = 0;
    for (const hash of links.filter((link) => failing.some((deployment) => link.includes(deployment)))) {
      await go(hash);
      quoted += (await page.locator('main').textContent())?.split(hostile).length ?? 0;
      expect(await page.locator('img, main script').count()).toBe(0);
    }
    expect(quoted).toBeGreaterThan(failing.length);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('draws every arrow of the machine, and the way that was taken', async () => {
    const { page } = await openReport(browser, file, { hash: rolloutHash, viewport: desk });
    const moves = arrowsOfDeploymentMachine().filter(({ from, to }) => to !== null && to !== from);
    expect(await page.locator('.edge').count()).toBe(
      new Set(moves.map(({ from, to }) => `${from} ${to}`)).size,
    );
    const signals = (await page.locator('.edge title').allTextContents()).flatMap((title) =>
      title.split('\n'),
    );
    expect(signals).toHaveLength(moves.length);
    expect(await page.locator('.chart').getAttribute('aria-label')).toContain(
      'watching, then rolling back, then done',
    );
    expect(await page.locator('.edge.taken text').allTextContents()).toEqual([
      '1 · TaskFailures',
      '2 · RollbackSettled',
    ]);
    await page.close();
  });

  it('narrows its lanes to a class, and says the same as a table', async () => {
    const { page } = await openReport(browser, file, { hash: rolloutHash, viewport: desk });
    const classes = page.locator('nav[aria-label="Tasks by class"] a');
    const [, count] = /(\d+)$/.exec((await classes.last().textContent()) ?? '') ?? [];
    await classes.last().click();
    await page.locator('nav[aria-label="Tasks by class"] li:last-child a[aria-current]').waitFor();
    const lanes = page.locator('figure svg[role=group] a');
    await lanes.first().waitFor();
    expect(await lanes.count()).toBe(Number(count));
    const rows = page.locator('.as-table tbody tr');
    expect(await rows.count()).toBe(await lanes.count());
    expect(await rows.locator('th').allTextContents()).toEqual(await lanes.allTextContents());
    await page.close();
  });
});

describeInBrowser('the file', () => {
  it('lets nothing be fetched and nothing else be run', async () => {
    const { page } = await openReport(browser, file);
    const refused = await page.evaluate(async () => {
      const violations: string[] = [];
      const second = new Promise<void>((resolve) => {
        addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
          if (violations.push(effectiveDirective) === 2) resolve();
        });
      });
      await fetch('https://example.com').catch(() => {});
      const script = document.createElement('script');
      script.textContent = 'globalThis.wasRun = true';
      document.body.append(script);
      await second;
      return { violations, wasRun: 'wasRun' in globalThis };
    });
    expect(refused).toEqual({ violations: ['connect-src', 'script-src-elem'], wasRun: false });
    await page.close();
  });

  it('moves nothing for those who asked for less motion', async () => {
    const { page } = await openReport(browser, file, { reducedMotion: 'reduce' });
    expect(await page.evaluate(() => getComputedStyle(document.documentElement).scrollBehavior)).toBe('auto');
    await page.close();
  });
});
