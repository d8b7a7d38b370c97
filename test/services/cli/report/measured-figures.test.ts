import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { formatExportLine } from '../../../../services/event-log/export-line';
import { MeasuredCanary } from '../../reconciler/measuring/measured-canary';
import { temporaryFiles } from '../rewind';
import { rewindHere } from '../rewind-here';
import { describeInBrowser, launchBrowser } from './browser';
import { expectAccessible, openReport } from './report-in-browser';

const erring = { 'rewind.behaviour': 'erring', 'rewind.error-percent': '1' };
const files = temporaryFiles();

let browser: Browser;
let file: string;

/** A canary that errs, whose back-end is silent for some minutes. */
async function measuredHistory(): Promise<string> {
  let silentUntil = 0;
  const canary = await MeasuredCanary.start({
    measuring: ({ plan, read }) => ({
      plan,
      read: async (service, question) => {
        if (canary.clock.now() < silentUntil) throw new Error('the back-end is down');
        return read(service, question);
      },
    }),
  });
  silentUntil = canary.clock.now() + 12 * 60_000;
  await canary.deploy(erring, 5400);
  return (await canary.stored()).map(formatExportLine).join('\n');
}

beforeAll(async () => {
  browser = await launchBrowser();
  const { code, stdout } = await rewindHere(['replay', '--format', 'html'], await measuredHistory());
  expect(code).toBe(0);
  file = files.write('measured.html', stdout);
}, 60_000);
afterAll(async () => {
  await browser?.close();
});

describeInBrowser.each(['light', 'dark'] as const)(
  'the figures of what users got, in %s colours',
  (colorScheme) => {
    it('show share, ratio, evidence and damage, hatch what was not measured, and are accessible', async () => {
      const { page, complaints, go } = await openReport(browser, file, {
        colorScheme,
        viewport: { width: 1100, height: 900 },
      });
      const canary = page.locator('tbody tr', { hasText: 'web:2' }).locator('a').first();
      await go((await canary.getAttribute('href')) ?? '');
      const headings = await page.locator('h2').allTextContents();
      expect(headings).toEqual(expect.arrayContaining(['What users got', 'errors', 'slow', 'Damage']));
      const captions = (await page.locator('figcaption').allTextContents()).join(' ');
      expect(captions).toMatch(/errors: \d+ of [\d,]+ requests .* ×/);
      expect(captions).toMatch(/Damage: of \d+ answers of the new version until \d\d:\d\d: errors \d+/);
      const hatched = await page.locator('[fill="url(#hatching-ratio-errors)"] rect').count();
      expect(hatched).toBeGreaterThan(2);
      const texts = await page.locator('figure svg text').allTextContents();
      expect(texts).toEqual(expect.arrayContaining(['1.5 is allowed', '200 fails it', '20 accepts it']));
      await expectAccessible(page);
      expect(complaints).toEqual([]);
      await page.close();
    });
  },
);
