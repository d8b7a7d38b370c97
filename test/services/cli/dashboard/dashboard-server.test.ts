import { request } from 'node:http';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Instant } from '../../../../state-machines/log/instant';
import { describeInBrowser, launchBrowser } from '../report/browser';
import { rewindHere } from '../rewind-here';
import { LookedAtAccount } from './looked-at-account';
import { LookingTab } from './looking-tab';
import { openDashboard } from './open-dashboard';
import { PollClock } from './poll-clock';

const polls = new PollClock();
let looked: LookedAtAccount;
let address: URL;
beforeAll(async () => {
  looked = await LookedAtAccount.start({ seed: 21, clock: polls });
  address = new URL(looked.dashboard.address);
}, 60_000);
afterAll(() => looked?.stop());

interface Asked {
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
}

/** As any program might ask: fetch would choose Host and Origin itself. */
function ask({ path = '/', method = 'GET', headers = {} }: Asked) {
  return new Promise<{ status: number; headers: Record<string, unknown>; text: string }>(
    (resolve, reject) => {
      const { hostname, port } = address;
      const asked = request({ hostname, port, path, method, headers }, async (response) => {
        const chunks = await response.toArray();
        const text = Buffer.concat(chunks).toString();
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      });
      asked.on('error', reject);
      asked.end(method === 'POST' ? '{}' : undefined);
    },
  );
}

const tokenPath = () => `/${address.search}`;
async function cookie(): Promise<string> {
  const { headers } = await ask({ path: tokenPath() });
  return String((headers['set-cookie'] as string[])[0]).split(';')[0] ?? '';
}

describe('the server of the dashboard', () => {
  it('R140 answers nothing without the token, and gives a cookie that no script and no site has', async () => {
    expect(address.hostname).toBe('127.0.0.1');
    for (const path of ['/', '/page.js', '/api/overview', '/api/events', '/?token=wrong']) {
      expect(await ask({ path }), path).toMatchObject({ status: 401 });
    }
    const { status, headers } = await ask({ path: tokenPath() });
    expect(status).toBe(200);
    expect(headers['set-cookie']).toEqual([expect.stringMatching(/; HttpOnly; SameSite=Strict; Path=\/$/)]);
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self'; /);
    const page = await ask({ path: '/api/overview', headers: { cookie: await cookie() } });
    expect(JSON.parse(page.text)).toMatchObject({ isActing: false, source: { kind: 'table' } });
  });

  it('goes on whatever somebody asks for', async () => {
    for (const path of ['//', '//evil.example', ':99999999', '*', '/%', '/api/rollout?service=%00']) {
      const { status } = await ask({ path });
      expect([400, 401], path).toContain(status);
    }
    expect(await ask({ path: tokenPath() })).toMatchObject({ status: 200 });
  });

  it('R140 refuses a wrong Host and a wrong Origin, even with the token', async () => {
    const own = { cookie: await cookie() };
    const { port } = address;
    const path = '/api/overview';
    for (const host of [
      `evil.example:${port}`,
      'evil.example',
      '127.0.0.1',
      `127.0.0.1.evil.example:${port}`,
    ]) {
      expect(await ask({ path, headers: { ...own, host } }), host).toMatchObject({ status: 403 });
    }
    for (const origin of ['http://evil.example', `https://127.0.0.1:${port}`, 'null', 'http://127.0.0.1:1']) {
      expect(await ask({ path, headers: { ...own, origin } }), origin).toMatchObject({ status: 403 });
    }
    expect(await ask({ path, headers: { ...own, host: `localhost:${port}` } })).toMatchObject({
      status: 200,
    });
    const { headers } = await ask({ path, headers: { ...own, origin: `http://127.0.0.1:${port}` } });
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });

  it('R140 has nothing to post to where it may not act', async () => {
    const headers = { cookie: await cookie(), 'content-type': 'application/json' };
    const post = { path: '/api/act', method: 'POST' };
    expect(await ask({ ...post, headers })).toMatchObject({ status: 403 });
    const origin = address.origin;
    expect(await ask({ ...post, headers: { ...headers, origin } })).toMatchObject({ status: 404 });
  });

  it('R140 listens to another interface only without a way to act', async () => {
    const refused = await rewindHere(['dashboard', '--host', '0.0.0.0', '--actions', '--no-open']);
    expect(refused).toMatchObject({
      code: 64,
      stderr: '--actions is for this machine alone: leave --host out\n',
    });
    const unable = await rewindHere(['dashboard', '--from', 'x.jsonl', '--actions']);
    expect(unable).toMatchObject({ code: 64, stdout: '' });
  });

  it('R141 reads nothing while no tab looks, and is current within a look when one does', async () => {
    const headers = { cookie: await cookie() };
    const first = await LookingTab.open(address.origin, headers);
    const second = await LookingTab.open(address.origin, headers);
    await first.hear('look');
    await second.hear('look');
    await polls.begun();
    first.close();
    second.close();
    await answersAgain(headers);
    polls.pass();
    await answersAgain(headers);
    const { reads } = looked;
    // An hour of looks.
    for (let poll = 0; poll < 1800; poll += 1) polls.pass();
    await answersAgain(headers);
    expect(looked.reads).toBe(reads);
    const back = await LookingTab.open(address.origin, headers);
    await back.hear('look');
    expect(looked.reads).toBeGreaterThan(reads);
    await polls.begun();
    back.close();
  });

  it('R130 tells of a late fact behind the cursor within one look', async () => {
    const { world } = looked.account;
    const [started] = await world.events();
    if (started === undefined) throw new Error('the log is not empty');
    const headers = { cookie: await cookie() };
    const tab = await LookingTab.open(
      address.origin,
      headers,
      `?service=${encodeURIComponent(started.service)}`,
    );
    const { data } = await tab.hear('service');
    const act = {
      type: 'OperatorActed',
      id: 'late-act',
      service: started.service,
      by: 'late',
      reason: 'late',
    };
    const event = { ...act, action: 'unfreeze', occurredAt: started.occurredAt + 1 };
    await world.log.append({
      event: event as never,
      recordedAt: world.clock.now() as Instant,
      notification: null,
    });
    await world.settle();
    await polls.begun();
    polls.pass();
    const news = await tab.hear('service');
    expect(news.data.changes).toBe(data.changes + 1);
    tab.close();
  });

  it('lets nothing secret out: notifications come without values, and no text of another is markup', async () => {
    const headers = { cookie: await cookie() };
    const [started] = await looked.account.world.events();
    const service = encodeURIComponent(started?.service ?? '');
    const { text } = await ask({ path: `/api/service?service=${service}`, headers });
    const [{ deployment, startedAt }] = JSON.parse(text).rollouts;
    const rollout = `service=${service}&deployment=${deployment}&startedAt=${startedAt}`;
    const page = JSON.parse((await ask({ path: `/api/rollout?${rollout}`, headers })).text);
    const events = page.detail.events.at.map((_: number, index: number) => index).join(',');
    const asked = `/api/notifications?${rollout}&at=${page.knownAt}&events=${events}`;
    const notifications = await ask({ path: asked, headers });
    expect(JSON.parse(notifications.text).filter((one: unknown) => one !== null).length).toBeGreaterThan(5);
    expect(notifications.headers['content-type']).toBe('application/json');
    expect(notifications.headers['x-content-type-options']).toBe('nosniff');
    expect(await ask({ path: '/api/rollout?service=nothing', headers })).toMatchObject({ status: 400 });
    expect(await ask({ path: '/api/nothing', headers })).toMatchObject({ status: 404 });
  });
});

describeInBrowser('a tab that nobody sees', () => {
  it('R141 has nothing read for it, and is current again as soon as somebody looks', async () => {
    const headers = { cookie: await cookie() };
    const browser = await launchBrowser();
    onTestFinished(() => browser.close());
    const { page, complaints } = await openDashboard(browser, looked);
    await polls.begun();
    const seen = looked.reads;
    expect(seen).toBeGreaterThan(0);
    await setHidden(page, true);
    await untilNothingIsRead(headers);
    const { reads } = looked;
    for (let poll = 0; poll < 1800; poll += 1) polls.pass();
    await answersAgain(headers);
    expect(looked.reads).toBe(reads);
    await setHidden(page, false);
    await polls.begun();
    expect(looked.reads).toBeGreaterThan(reads);
    expect(complaints).toEqual([]);
  });
});

function setHidden(page: Page, isHidden: boolean): Promise<void> {
  return page.evaluate((hidden) => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
    document.dispatchEvent(new Event('visibilitychange'));
  }, isHidden);
}

/** The look under way comes to its end; if there are more, there is no end of them. */
async function untilNothingIsRead(headers: Record<string, string>): Promise<void> {
  for (let look = 0; look < 20; look += 1) {
    // A look that takes long would go on behind what is counted here.
    await polls.begun();
    await answersAgain(headers);
    const { reads } = looked;
    polls.pass();
    await answersAgain(headers);
    if (looked.reads === reads) return;
  }
  throw new Error('the tab is hidden, and reads on');
}

/** By then the server has noticed who has gone. */
async function answersAgain(headers: Record<string, string>): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await ask({ path: '/api/overview', headers });
}
