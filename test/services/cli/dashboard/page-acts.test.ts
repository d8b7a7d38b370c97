import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actAnswer } from '../../../../services/cli/dashboard/acts/page-act';
import { CommandError } from '../../../../services/cli/terminal/exit-code';
import { openGate } from '../../reconciler/worlds/rollback-world';
import { describeInBrowser, launchBrowser } from '../report/browser';
import { expectAccessible } from '../report/report-in-browser';
import { LookedAtAccount } from './looked-at-account';
import { openDashboard, shoot } from './open-dashboard';

const service = 'arn:aws:ecs:us-east-1:123456789012:service/prod/web';

describe('an act from the page', () => {
  const ran: (readonly string[])[] = [];
  const run = async (parameters: readonly string[]) => {
    ran.push(parameters);
    return { code: 0, output: 'done\n' };
  };
  const whole = {
    act: { action: 'abort' },
    service,
    isPreview: false,
    typed: 'prod/web',
    reason: 'wrong branch',
  };

  it.each([
    ['without the name typed', { ...whole, typed: '' }],
    ['with another name typed', { ...whole, typed: 'prod/webs' }],
    ['without a reason', { ...whole, reason: '  ' }],
    ['of a service that is none', { ...whole, service: 'prod/web' }],
    ['that there is not', { ...whole, act: { action: 'deploy' } }],
    ['with an option smuggled in', { ...whole, act: { action: 'rollback', to: '--force' } }],
    ['with more than is asked for', { ...whole, force: true }],
    ['that is no act at all', 'abort'],
  ])('is refused %s, and nothing is run', async (_, body) => {
    await expect(actAnswer(run, body)).rejects.toThrow(CommandError);
    expect(ran).toEqual([]);
  });

  it('is one command line, in which a reason cannot become an option', async () => {
    const answer = await actAnswer(run, { ...whole, reason: "--yes it's late" });
    expect(ran).toEqual([['abort', service, "--reason=--yes it's late", '--yes']]);
    expect(answer).toMatchObject({ isDone: true, lines: ['done'] });
    expect(answer.command).toBe("rewind abort prod/web '--reason=--yes it'\\''s late'");
  });
});

describe('each act of the page', () => {
  it.each([
    [{ action: 'rollback', to: 'web:1' }, ['rollback', '--to=web:1']],
    [{ action: 'abort' }, ['abort']],
    [{ action: 'promote' }, ['promote']],
    [{ action: 'skipBake' }, ['promote', '--skip-bake']],
    [{ action: 'pause', until: '4h' }, ['pause', '--until=4h']],
    [{ action: 'resume' }, ['resume']],
    [{ action: 'freeze', scope: 'deploys', until: '24h' }, ['freeze', '--scope=deploys', '--until=24h']],
    [{ action: 'unfreeze' }, ['unfreeze']],
  ])('%j is the command line %j', async (act, [verb, ...options]) => {
    const ran: (readonly string[])[] = [];
    const run = async (parameters: readonly string[]) => {
      ran.push(parameters);
      return { code: 0, output: '' };
    };
    await actAnswer(run, { act, service, isPreview: true, typed: '', reason: '' });
    await actAnswer(run, { act, service, isPreview: false, typed: 'prod/web', reason: 'because' });
    const written = (consent: string, why: string) => [verb, service, ...options, `--reason=${why}`, consent];
    expect(ran).toEqual([written('--dry-run', 'not said yet'), written('--yes', 'because')]);
  });
});

describeInBrowser('the page with --actions', () => {
  let looked: LookedAtAccount;
  let browser: Browser;
  beforeAll(async () => {
    [looked, browser] = await Promise.all([
      LookedAtAccount.start({ seed: 7, isActing: true }),
      launchBrowser(),
    ]);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await looked?.stop();
  });

  it('freezes a service once its name is typed and a reason given, as the command would', async () => {
    const { page, complaints } = await openDashboard(browser, looked);
    await page.getByRole('link', { name: 'prod/web' }).click();
    await page.getByRole('button', { name: 'Freeze …' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(/would be frozen/).waitFor();
    const submit = dialog.getByRole('button', { name: 'Freeze' });
    expect(await submit.isDisabled()).toBe(true);
    await dialog.getByLabel('Why, for the audit').fill('Black Friday');
    await dialog.getByLabel('Type prod/web').fill('prod/we');
    expect(await submit.isDisabled()).toBe(true);
    expect(await looked.account.acts()).toEqual([]);
    await dialog.getByLabel('Type prod/web').fill('prod/web');
    await shoot(page, 'act');
    await expectAccessible(page);
    await submit.click();
    await dialog.getByText('the same in a terminal: rewind freeze prod/web').waitFor();
    expect(await looked.account.acts()).toMatchObject([
      { action: 'freeze', reason: 'Black Friday', by: 'arn:aws:iam::123456789012:user/operator' },
    ]);
    await dialog.getByRole('button', { name: 'Close' }).click();
    await page.getByText(/frozen by operator until .*: “Black Friday”/).waitFor();
    await page.getByRole('button', { name: 'Unfreeze …' }).waitFor();
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('pauses the judgement of what is under way, and resumes it', async () => {
    const { world } = looked.account;
    await world.deployBad({ crashes: 'in the bake', breaker: 'none' });
    await world.passUntil(
      () => world.notifications.filter(({ detail }) => detail.lastStatus === 'RUNNING').length > 3,
    );
    await world.reconcilerBehind(openGate)(world.wakeUp());
    const { page, complaints } = await openDashboard(browser, looked);
    await page.getByRole('link', { name: 'prod/web', exact: true }).click();
    for (const act of ['Pause', 'Resume']) {
      await page.getByRole('button', { name: `${act} …` }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText(/: would be /).waitFor();
      await dialog.getByLabel('Why, for the audit').fill('the load test is not over');
      await dialog.getByLabel('Type prod/web').fill('prod/web');
      await dialog.getByRole('button', { name: act }).click();
      await dialog.getByText(`the same in a terminal: rewind ${act.toLowerCase()} prod/web`).waitFor();
      await dialog.getByRole('button', { name: 'Close' }).click();
    }
    expect((await looked.account.acts()).map(({ action }) => action)).toEqual(['freeze', 'pause', 'resume']);
    expect(complaints).toEqual([]);
    await page.close();
  });
});
