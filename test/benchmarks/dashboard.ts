import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { type Browser, chromium } from 'playwright-core';
import { BrowserMissingError, findBrowser, noBrowser } from '../../infra/local/browser/find-browser';
import { pollSeconds } from '../../services/cli/dashboard/dashboard-command';
import { exportSource } from '../../services/cli/dashboard/data/export-source';
import { serveDashboard } from '../../services/cli/dashboard/server/dashboard-server';
import { pageFiles } from '../../services/cli/dashboard/server/page-files';
import { exportSchemaVersion } from '../../services/event-log/export-line';
import { memoryEventLog } from '../../services/event-log/memory-event-log';
import { translate } from '../../services/notifications/translate';
import { waitingSystemClock } from '../../services/runtime/clock';
import { partsOfService } from '../../state-machines/log/identifiers';
import { formatInstant, instantFrom, secondsAfter } from '../../state-machines/log/instant';
import { history } from '../fixtures/histories/history';

// The dashboard with 2,000 services, and with a rollout of 5,000 tasks, in a headless browser.

const paint = "performance.getEntriesByName('first-contentful-paint')[0].startTime";
const eventsFollowed = 12;
const program = await findBrowser(process.env);
if (program === null) throw new BrowserMissingError(noBrowser(process.env));
const folder = mkdtempSync(path.join(tmpdir(), 'rewind-bench-'));
const file = path.join(folder, 'log.jsonl');
writeFileSync(file, [...exportLines()].join('\n'));
const source = await exportSource(file);
const served = { caller: null, host: '127.0.0.1', port: 0, clock: waitingSystemClock, act: null };
const dashboard = await serveDashboard({ ...served, source, pollMilliseconds: pollSeconds * 1000 });
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
  tell('from an event to the page', await eventToPage(browser));
} finally {
  await browser.close();
  await dashboard.stop();
  rmSync(folder, { recursive: true, force: true });
}

function* exportLines(): Generator<string> {
  const many = history({ services: 1999, rollouts: 1, badPercent: 5, lines: 40_000, seed: 3 });
  const large = history({ services: 1, rollouts: 1, badPercent: 0, lines: 20_005, seed: 4 });
  const largeLines = large.lines.map((line) =>
    line.replaceAll('prod/service-0', 'large/service-0').replaceAll('cluster/prod', 'cluster/large'),
  );
  for (const { notification, recordedAt, ...recorded } of recordedEvents({
    lines: [...many.lines, ...largeLines],
  })) {
    yield JSON.stringify({
      schemaVersion: exportSchemaVersion,
      recordedAt: new Date(recordedAt).toISOString(),
      event: recorded.event,
      notification: JSON.parse(notification),
    });
  }
}

/** Everything is learnt a second after it took place. */
function* recordedEvents({ lines }: { readonly lines: readonly string[] }) {
  for (const notification of lines) {
    const translation = translate(JSON.parse(notification));
    if (translation.kind !== 'event') continue;
    const { event } = translation;
    yield { event, recordedAt: secondsAfter(event.occurredAt, 1), notification };
  }
}

/** Of events that come at all times between two looks, at the poll that is the default. */
async function eventToPage(browser: Browser): Promise<string> {
  const recorded = [
    ...recordedEvents(history({ services: 1, rollouts: 1, lines: 120, seed: 5, badPercent: 0 })),
  ];
  const first = recorded.find(({ event }) => event.type === 'DeploymentStarted');
  if (first?.event.type !== 'DeploymentStarted') throw new Error('no deployment starts in the history');
  const { service, deployment, occurredAt } = first.event;
  const events = memoryEventLog();
  const later = recorded.splice(-eventsFollowed);
  for (const one of recorded) await events.append(one);
  const live = await serveDashboard({
    ...served,
    source: {
      name: { kind: 'table', name: 'live' },
      session: null,
      events,
      services: async () => [service],
      liveServices: async () => [],
      now: () => instantFrom(Date.now()),
    },
    pollMilliseconds: pollSeconds * 1000,
  });
  const { account, region, path: name } = partsOfService(service);
  const rollout = `${deployment.replace('ecs-svc/', '')}@${formatInstant(occurredAt)}`;
  const page = await browser.newPage();
  await page.goto(`${live.address}#/s/${account}/${region}/${name}/${rollout}`);
  const words = page.locator('.travel-words');
  await words.getByText(/facts known/).waitFor();
  const delays: number[] = [];
  for (const [index, one] of later.entries()) {
    await delay((index * pollSeconds * 1000) / eventsFollowed);
    const before = (await words.textContent()) ?? '';
    await events.append(one);
    const begun = performance.now();
    await words.filter({ hasNotText: before }).waitFor();
    delays.push(performance.now() - begun);
  }
  await page.close();
  await live.stop();
  const [median, most] = [delays.sort((a, b) => a - b)[delays.length >> 1], Math.max(...delays)];
  return `${Math.round(median ?? 0)} ms, at most ${Math.round(most)} ms`;
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
