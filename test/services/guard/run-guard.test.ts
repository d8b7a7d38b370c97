import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type KillSwitch, observing } from '../../../services/aws/kill-switch';
import { dynamoDbEventLog } from '../../../services/event-log/dynamodb-event-log';
import type { EventLog } from '../../../services/event-log/event-log';
import type { GuardResult } from '../../../services/guard/guard';
import { runGuard } from '../../../services/guard/run-guard';
import { translate } from '../../../services/notifications/translate';
import { byName, GuardedAccount, serviceArn } from './guarded-account';

const home = { account: '123456789012', region: 'us-east-1' };
const off = { deploymentCircuitBreaker: { enable: false, rollback: false } };

let account: GuardedAccount;
let eventLog: EventLog;
beforeAll(async () => {
  account = await GuardedAccount.start();
  const { client, tableName } = account.dynamoDb;
  eventLog = dynamoDbEventLog({ client, table: tableName });
});
afterAll(() => account?.stop());

/** A service for each test, and a policy that is about that one. */
let web: string;
let policy: string;
let count = 0;
beforeEach(async () => {
  count += 1;
  web = `web-${count}`;
  policy = `manage: [prod/${web}]\nservices: [{ match: "prod/*", native: fast }]`;
  await account.ecs.create({ serviceName: web, taskDefinition: await account.ecs.register() });
  account.ecs.clock.advanceBy(600);
  writesBefore = account.ecs.simulator.calls.effective('UpdateService').length;
});
let writesBefore = 0;

/**
 * Runs the scheduled function, or the one woken by a notification; answers with what it told of
 * services.
 */
async function run(
  text = policy,
  { killSwitch = null, event }: { killSwitch?: KillSwitch | null; event?: unknown } = {},
) {
  const guarded: GuardResult[] = [];
  const { call: _call, ...parts } = account.parts(text);
  const kept = await runGuard(
    {
      ...parts,
      killSwitch,
      places: [{ place: home, part: account.place }],
      onGuarded: (one) => guarded.push(one),
      hasTime: () => true,
    },
    event ?? { 'detail-type': 'Scheduled Event', source: 'aws.events' },
  );
  return { kept, guarded };
}

const lastCall = () =>
  account.ecs.notifications.findLast((one) => one['detail-type'] === 'AWS API Call via CloudTrail');
const shown = async () => (await account.configurations([web])).get(web);
const enabled = async () => (await shown())?.deploymentCircuitBreaker?.enable;
const types = async () => (await account.events(web)).map(({ type }) => type);
const drift = async () => (await account.events(web)).find(({ type }) => type === 'ProtectionDrifted');
const writes = () => account.ecs.simulator.calls.effective('UpdateService').length - writesBefore;

async function switchedOff(): Promise<void> {
  account.ecs.clock.advanceBy(60);
  await account.ecs.update({ service: web, deploymentConfiguration: off });
}

/** As ingest records what CloudTrail tells. */
async function recordLastCall(): Promise<void> {
  const told = translate(lastCall());
  if (told.kind !== 'event') throw new Error('the call is told of');
  await eventLog.append({ event: told.event, recordedAt: account.ecs.clock.now(), notification: null });
}

describe('the guard', () => {
  it('sets what is declared, once', async () => {
    expect((await run()).kept).toEqual({ services: 1, applied: 1, drifted: 0, failed: 0 });
    const before = await account.events(web);
    expect(await run()).toEqual({
      kept: { services: 1, applied: 0, drifted: 0, failed: 0 },
      guarded: [],
    });
    expect(await account.events(web)).toEqual(before);
    expect(writes()).toBe(1);
  });

  it('mends what a call undid as soon as CloudTrail tells of the call, and says whose it was', async () => {
    await run();
    await switchedOff();
    const { guarded } = await run(policy, { event: lastCall() });
    expect(guarded).toMatchObject([
      { outcome: 'applied', drifted: [expect.any(String), expect.any(String)] },
    ]);
    expect(await enabled()).toBe(true);
    expect(await drift()).toMatchObject({
      changedBy: 'arn:aws:iam::123456789012:user/deployer',
      fields: ['deploymentCircuitBreaker.enable', 'deploymentCircuitBreaker.rollback'],
      drift: 'mend',
    });
  });

  it('finds in the log who it was, when nobody woke it', async () => {
    await run();
    await switchedOff();
    await recordLastCall();
    await run();
    expect(await drift()).toMatchObject({ changedBy: 'arn:aws:iam::123456789012:user/deployer' });
  });

  it('blames nobody for drift where nothing tells of a call, and not itself', async () => {
    await run();
    await recordLastCall();
    await switchedOff();
    await run();
    expect(await drift()).toMatchObject({ changedBy: null, changedAt: null });
  });

  it('only tells of drift where the policy says so, once, until it is right again', async () => {
    const telling = policy.replace('fast', '{ profile: fast, drift: tell }');
    await run(telling);
    await switchedOff();
    for (let period = 0; period < 3; period += 1) {
      const { guarded } = await run(telling);
      expect(guarded).toMatchObject([{ outcome: 'told' }]);
    }
    expect(await enabled()).toBe(false);
    expect((await types()).filter((type) => type === 'ProtectionDrifted')).toHaveLength(1);
    await account.ecs.update({
      service: web,
      deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
    });
    expect((await run(telling)).guarded).toEqual([]);
    await switchedOff();
    await run(telling);
    expect((await types()).filter((type) => type === 'ProtectionDrifted')).toHaveLength(2);
  });

  it('keeps to telling where more drifts, and some of it is put right', async () => {
    const telling = policy.replace('fast', '{ profile: fast, drift: tell }');
    const setBreaker = (rollback: boolean) =>
      account.ecs.update({
        service: web,
        deploymentConfiguration: {
          deploymentCircuitBreaker: {
            ...{ enable: false, rollback, resetOnHealthyTask: false },
            thresholdConfiguration: { type: 'COUNT', value: 2 },
          },
        },
      });
    await run(telling);
    for (const rollback of [true, false, true]) {
      account.ecs.clock.advanceBy(60);
      await setBreaker(rollback);
      expect((await run(telling)).guarded).toMatchObject([{ outcome: 'told' }]);
    }
    expect(await enabled()).toBe(false);
  });

  it('looks at nothing for a call that failed', async () => {
    const event = structuredClone(lastCall()) as { detail: object };
    Object.assign(event.detail, { errorCode: 'ThrottlingException', responseElements: null });
    expect((await run(policy, { event })).kept.services).toBe(0);
  });

  it.each([
    ['it is deployed to observe, or its kill switch is thrown', 'enforce', observing],
    ['the policy observes', 'observe', null],
  ] as const)('writes nothing to ECS where %s', async (_case, ofPolicy, killSwitch) => {
    const { guarded } = await run(`defaults: { mode: ${ofPolicy} }\n${policy}`, { killSwitch });
    expect(guarded).toMatchObject([{ outcome: 'told', changes: 4 }]);
    expect(writes()).toBe(0);
    expect(await types()).toEqual(['ProtectionObserved']);
  });

  it('has a service as it was undone, though it died before it could record what it did', async () => {
    const first = await shown();
    const { protections } = account.place;
    const dying = {
      ...account.place,
      protections: {
        ...protections,
        update: async (...call: Parameters<typeof protections.update>) => {
          await protections.update(...call);
          throw new Error('the function was killed');
        },
      },
    };
    const { call: _call, ...parts } = account.parts(policy);
    await runGuard(
      {
        ...parts,
        places: [{ place: home, part: dying }],
        onGuarded: () => {},
        hasTime: () => true,
      },
      {},
    );
    expect(await enabled()).toBe(true);
    await run();
    expect(await types()).toEqual(['ProtectionObserved', 'ProtectionRequested', 'ProtectionObserved']);
    const undone = byName(await account.undo(policy));
    expect(undone.get(web)?.outcome).toBe('undone');
    expect(await shown()).toEqual(first);
  });

  it('may run twice at once: both come to the same, and the log is in order', async () => {
    await Promise.all([run(), run(), run()]);
    expect(await enabled()).toBe(true);
    const events = await account.events(web);
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_event, index) => index + 1));
    expect(events.at(-1)?.standing.original).toMatchObject(off);
    expect((await run()).guarded).toEqual([]);
  });

  it('leaves a service of another account to whoever guards that', async () => {
    const event = lastCall();
    const elsewhere = JSON.parse(JSON.stringify(event).replaceAll('123456789012', '999999999999'));
    expect((await run(policy, { event: elsewhere })).kept.services).toBe(0);
    expect((await run(policy, { event })).kept.services).toBe(1);
    expect(event).toMatchObject({
      detail: { responseElements: { service: { serviceArn: serviceArn(web) } } },
    });
  });

  it('goes on where ECS does not show it one of the services', async () => {
    const hidden = `hidden-${count}`;
    await account.ecs.create({ serviceName: hidden, taskDefinition: await account.ecs.register() });
    account.ecs.clock.advanceBy(600);
    const giveBack = account.ecs.simulator.faults.deny({ operation: 'DescribeServices', resource: hidden });
    const both = policy.replace(`prod/${web}`, `prod/${web}, prod/${hidden}`);
    const { kept, guarded } = await run(both);
    giveBack();
    expect(kept).toEqual({ services: 2, applied: 1, drifted: 0, failed: 1 });
    const failed = guarded.find(({ outcome }) => outcome === 'failed');
    expect(failed).toMatchObject({ service: serviceArn(hidden) });
    expect(failed?.because).toContain('AccessDeniedException');
    expect(await enabled()).toBe(true);
  });
});
