import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { history } from '../../../fixtures/histories/history';
import { rewind, temporaryFiles } from '../rewind';
import { describeInBrowser, launchBrowser } from './browser';
import { expectAccessible, openReport } from './report-in-browser';

const files = temporaryFiles();
const { lines } = history({ services: 5, rollouts: 3, badPercent: 40, lines: 900, seed: 6 });
const parameters = [
  'replay',
  ...[
    '--policy',
    files.write('new.yml', 'defaults: { failureRule: percent, minimumFailures: 1, failurePercent: 40 }\n'),
  ],
  ...['--compare', files.write('current.yml', 'defaults: { failureRule: percent }\n')],
  ...['--sweep', 'minimumFailures=1..3'],
  ...['--cost', 'false=1,missed=10'],
];

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
});

describeInBrowser('a backtest as a page', () => {
  it('shows what its document says, accessibly and without a complaint', async () => {
    const [json, html] = await Promise.all(
      ['json', 'html'].map((format) => rewind([...parameters, '--format', format], lines.join('\n'))),
    );
    expect(html).toMatchObject({ code: 0, stderr: '' });
    const { sweep, comparison } = JSON.parse(json?.stdout ?? '');
    const file = files.write('backtest.html', html?.stdout ?? '');
    const { page, complaints } = await openReport(browser, file, { viewport: { width: 375, height: 700 } });
    expect(await page.getByRole('group', { name: 'Combinations' }).locator('tbody tr').count()).toBe(
      sweep.length,
    );
    const differences = page.getByRole('group', { name: 'Rollouts that would end differently' });
    expect(await differences.locator('tbody tr').count()).toBe(comparison.differences.length);
    expect(comparison.differences.length).toBeGreaterThan(3);
    expect(await page.getByText(/^Of what was tried, .* is the choice: it costs [\d.]+ \(/).count()).toBe(1);
    await expectAccessible(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(375);
    expect(complaints).toEqual([]);
    await page.close();
  });
});
