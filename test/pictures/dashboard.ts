// Writes docs/images/dashboard.png: npm run docs:picture
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { BrowserMissingError, findBrowser, noBrowser } from '../../infra/local/browser/find-browser';
import { readScenario } from '../../infra/local/stories/scenario/story-folder';
import { runSimulation } from '../../infra/local/stories/simulation';
import { exportSource } from '../../services/cli/dashboard/data/export-source';
import { serveDashboard } from '../../services/cli/dashboard/server/dashboard-server';
import { formatExportLine } from '../../services/event-log/export-line';
import { parsePolicyFile } from '../../services/policy/policy-file';
import { waitingSystemClock } from '../../services/runtime/clock';

// A crash loop of which notifications tell badly, as it was known just before the verdict.
const program = await findBrowser(process.env);
if (program === null) throw new BrowserMissingError(noBrowser(process.env));
const { result } = await runSimulation({
  scenario: readScenario('bad-delivery'),
  seed: 2,
  rewind: parsePolicyFile('defaults: { mode: enforce, bakeSeconds: 120 }', 'policy.yml'),
  speed: null,
  print: () => {},
  deliver: () => {},
});
const folder = mkdtempSync(path.join(tmpdir(), 'rewind-picture-'));
const file = path.join(folder, 'prod.jsonl');
writeFileSync(file, result.recorded.map(formatExportLine).join('\n'));
const dashboard = await serveDashboard({
  source: await exportSource(file),
  caller: null,
  host: '127.0.0.1',
  port: 0,
  pollMilliseconds: 1000,
  clock: waitingSystemClock,
  act: null,
});
const browser = await chromium.launch({ executablePath: program });
try {
  const page = await browser.newPage({ viewport: { width: 1000, height: 640 }, colorScheme: 'light' });
  await page.goto(dashboard.address);
  await page.locator('.card .name, tbody th a').first().click();
  const failed = page.getByRole('row').filter({ hasText: 'rolled back' }).getByRole('link');
  await failed.first().click();
  await page.locator('.late-facts li').nth(1).getByRole('link', { name: 'just before' }).click();
  await page.locator('.travel-words', { hasText: 'As known at' }).waitFor();
  await page.waitForFunction("document.querySelector('.fitted:empty') === null");
  await page.evaluate('scrollTo(0, 0)');
  const picture = fileURLToPath(new URL('../../docs/images/dashboard.png', import.meta.url));
  await page.screenshot({ path: picture });
} finally {
  await browser.close();
  await dashboard.stop();
  rmSync(folder, { recursive: true, force: true });
}
