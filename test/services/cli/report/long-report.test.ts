import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { history } from '../../../fixtures/histories/history';
import { rewind, temporaryFiles } from '../rewind';
import { describeInBrowser, launchBrowser } from './browser';
import { openReport } from './report-in-browser';

const files = temporaryFiles();
const many = history({ services: 500, rollouts: 4, badPercent: 20, lines: 40_000, seed: 3 });
const large = history({ services: 1, rollouts: 1, badPercent: 0, lines: 20_005, seed: 4 });
// Each of its tasks takes some seconds to start, one after the other.
const patient = files.write('policy.yml', 'defaults: { deadlineSeconds: 200000 }\n');

let browser: Browser;
let file: string;

beforeAll(async () => {
  browser = await launchBrowser();
  // The large service has a cluster of its own, so that it is none of the many.
  const largeLines = large.lines.map((line) =>
    line.replaceAll('prod/service-0', 'large/service-0').replaceAll('cluster/prod', 'cluster/large'),
  );
  const input = [...many.lines, ...largeLines].join('\n');
  const { code, stdout } = await rewind(['replay', '--policy', patient, '--format', 'html'], input);
  expect(code).toBe(0);
  file = files.write('report.html', stdout);
}, 120_000);
afterAll(async () => {
  await browser?.close();
});

/** Counts what the page unpacks: each part of the report's data is one stream. */
const countUnpacked = `
  globalThis.unpacked = 0;
  const Original = DecompressionStream;
  globalThis.DecompressionStream = class extends Original {
    constructor(format) { super(format); globalThis.unpacked += 1; }
  };`;
const unpackedBy = (page: Page) => page.evaluate<number>('globalThis.unpacked');
const elementsOf = (page: Page) => page.locator('main *').count();

describeInBrowser('a report of 2,000 rollouts, one of them of 5,000 tasks', () => {
  it('draws a page of its index, having unpacked nothing but that', async () => {
    const { page } = await openReport(await counting(), file);
    expect(await page.locator('[role=status]').textContent()).toMatch(/^2,\d\d\d of 2,\d\d\d rollouts$/);
    expect(await page.locator('tbody tr').count()).toBe(100);
    expect(await elementsOf(page)).toBeLessThan(7000);
    expect(await unpackedBy(page)).toBe(1);
    await page.getByRole('link', { name: 'next' }).click();
    await page.locator('.pager', { hasText: 'page 2 of' }).waitFor();
    expect(new URL(page.url()).hash).toBe('#/?page=2');
    await page.close();
  });

  it('is printed with all of its rows, and then has its page again', async () => {
    const { page } = await openReport(await counting(), file, { hash: '#/?outcome=succeeded' });
    const rows = page.locator('tbody tr');
    const [count] = ((await page.locator('[role=status]').textContent()) ?? '').split(' ');
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    expect(await rows.count()).toBe(Number(count?.replace(',', '')));
    await page.evaluate(() => dispatchEvent(new Event('afterprint')));
    expect(await rows.count()).toBe(100);
    await page.close();
  });

  it('unpacks a rollout when it is opened, and draws 50 of its tasks', async () => {
    const { page, complaints } = await openReport(await counting(), file, { hash: '#/?text=large/' });
    await page.locator('tbody a').click();
    await page.locator('figure svg[role=group]').waitFor();
    expect(await page.locator('figure svg[role=group] a').count()).toBe(50);
    expect(await page.locator('.facts').textContent()).toMatch(/5,00\d started/);
    expect(await unpackedBy(page)).toBe(2);
    expect(await elementsOf(page)).toBeLessThan(3000);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('unpacks the notifications of a task from no more blocks than they stand in', async () => {
    const { page } = await openReport(await counting(), file, { hash: '#/?text=large/' });
    await page.locator('tbody a').click();
    const tasks = page.locator('figure svg[role=group] a');
    await tasks.nth(25).click();
    await page.locator('dialog').waitFor();
    const shown = await page.locator('dialog details').count();
    expect(shown).toBe(4);
    // The index, the rollout, and at most two blocks: its notifications are neighbours.
    expect(await unpackedBy(page)).toBeLessThanOrEqual(4);
    await page.close();
  });
});

async function counting() {
  const context = await browser.newContext();
  await context.addInitScript(countUnpacked);
  return context;
}
