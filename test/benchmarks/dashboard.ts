import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import { BrowserMissingError, findBrowser, noBrowser } from '../../infra/local/browser/find-browser';
import { exportSource } from '../../services/cli/dashboard/data/export-source';
import { serveDashboard } from '../../services/cli/dashboard/server/dashboard-server';
import { pageFiles } from '../../services/cli/dashboard/server/page-files';
import { exportSchemaVersion } from '../../services/event-log/export-line';
import { translate } from '../../services/notifications/translate';
import { waitingSystemClock } from '../../services/runtime/clock';
import { history } from '../fixtures/histories/history';

// The dashboard with 2,000 services, and with a rollout of 5,000 tasks, in a headless browser.

const paint = "performance.getEntriesByName('first-contentful-paint')[0].startTime";
const program = await findBrowser(process.env);
if (program === null) throw new BrowserMissingError(noBrowser(process.env));
const folder = mkdtempSync(path.join(tmpdir(), 'rewind-bench-'));
const file = path.join(folder, 'log.jsonl');
writeFileSync(file, [...exportLines()].join('\n'));
const source = await exportSource(file);
const dashboard = await serveDashboard({
  source,
  caller: null,
  host: '127.0.0.1',
  port: 0,
  pollMilliseconds: 2000,
  clock: waitingSystemClock,
  act: null,
});
const browser = await chromium.launch({ executablePath: program });
try {
  tell('bytes of the page', await bytesOfPage());
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await page.goto(dashboard.address);
  await page.waitForSelector('html[data-ready]');
  tell('first paint', `${Math.round(await page.evaluate<number>(paint))} ms`);
  const count = page.locator('.count');
  await count.getByText(/2,000 services.*under way$/).waitFor();
  tell('services', (await count.textContent()) ?? '');
  const filter = page.getByRole('searchbox');
  const filtered = () => count.getByText(/^1,?\d* of /).waitFor();
  tell('2,000 services filtered', await millisecondsOf(() => filter.fill('service-1'), filtered));
  await filter.fill('large');
  await page.getByRole('link', { name: 'large/service-0' }).first().click();
  await page.getByRole('heading', { name: 'large/service-0', exact: true }).waitFor();
  const rollout = page.locator('.index a').first();
  const lanes = () => page.locator('figure svg[role=group]').waitFor();
  tell('a rollout of 5,000 tasks opened', await millisecondsOf(() => rollout.click(), lanes));
  const slider = page.getByRole('slider');
  const then = () => page.locator('.travel-words', { hasText: 'As known at' }).waitFor();
  tell('the slider moved there', await millisecondsOf(() => slider.press('PageDown'), then));
  tell('elements on that page', (await page.locator('main *').count()).toLocaleString('en-US'));
} finally {
  await browser.close();
  await dashboard.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** Everything is learnt a second after it took place. */
function* exportLines(): Generator<string> {
  const many = history({ services: 1999, rollouts: 1, badPercent: 5, lines: 40_000, seed: 3 });
  const large = history({ services: 1, rollouts: 1, badPercent: 0, lines: 20_005, seed: 4 });
  const largeLines = large.lines.map((line) =>
    line.replaceAll('prod/service-0', 'large/service-0').replaceAll('cluster/prod', 'cluster/large'),
  );
  for (const line of [...many.lines, ...largeLines]) {
    const notification = JSON.parse(line);
    const translation = translate(notification);
    if (translation.kind !== 'event') continue;
    const { event } = translation;
    const recordedAt = new Date(event.occurredAt + 1000).toISOString();
    yield JSON.stringify({ schemaVersion: exportSchemaVersion, recordedAt, event, notification });
  }
}

async function bytesOfPage(): Promise<string> {
  const files = [...(await pageFiles()).values()].map(({ content }) => Buffer.from(content));
  const all = Buffer.concat(files);
  return `${kilobytes(all.length)}, ${kilobytes(gzipSync(all).length)} packed`;
}

function kilobytes(bytes: number): string {
  return `${Math.round(bytes / 1024)} KB`;
}

/** From somebody's input until its change is on the page, with the ways to the browser and back. */
async function millisecondsOf(change: () => Promise<void>, shown: () => Promise<void>): Promise<string> {
  const begun = performance.now();
  await change();
  await shown();
  return `${Math.round(performance.now() - begun)} ms`;
}

function tell(what: string, how: string): void {
  process.stdout.write(`  ${what.padEnd(40)} ${how}\n`);
}
