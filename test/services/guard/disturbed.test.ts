import type { DeploymentCircuitBreaker } from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { guard } from '../../../services/guard/guard';
import { undo } from '../../../services/guard/undo';
import { partsOfService, type ServiceArn } from '../../../state-machines/log/identifiers';
import { GuardedAccount, serviceArn } from './guarded-account';

let account: GuardedAccount;
beforeAll(async () => {
  account = await GuardedAccount.start();
});
afterAll(() => account?.stop());

/** Two services for each test, which are surveyed together, and written to one after the other. */
let pair: string[];
let count = 0;
beforeEach(async () => {
  count += 1;
  pair = [`one-${count}`, `two-${count}`];
  for (const serviceName of pair) {
    await account.ecs.create({ serviceName, taskDefinition: await account.ecs.register() });
  }
  account.ecs.clock.advanceBy(900);
});

interface Outcome {
  readonly service: ServiceArn;
  readonly outcome: string;
}

/**
 * Has something happen to the second service after the first was written to; answers with what
 * became of the second.
 */
async function disturbed(
  acted: AsyncIterable<Outcome>,
  disturb: (service: string) => Promise<unknown>,
): Promise<{ second: string; outcome: string | undefined }> {
  const outcomes = new Map<string, string>();
  let second = '';
  for await (const { service, outcome } of acted) {
    const { name } = partsOfService(service);
    outcomes.set(name, outcome);
    if (second !== '') continue;
    second = pair.find((one) => one !== name) ?? '';
    account.ecs.clock.advanceBy(60);
    await disturb(second);
    account.ecs.clock.advanceBy(1);
  }
  return { second, outcome: outcomes.get(second) };
}

const startRollout = async (service: string) =>
  account.ecs.update({ service, taskDefinition: await account.ecs.register() });
const breakerOf = async (name: string): Promise<DeploymentCircuitBreaker | undefined> =>
  (await account.configurations([name])).get(name)?.deploymentCircuitBreaker;
const arns = () => pair.map(serviceArn);
const policyOf = (native: string) => `services: [{ match: "prod/*", native: ${native} }]`;

describe('between the look at a service and the write to it', () => {
  it('a rollout that starts keeps the guard from its rules', async () => {
    const guarded = guard(account.parts(policyOf('balanced'), 'operator'), arns());
    const { second, outcome } = await disturbed(guarded, startRollout);
    expect(outcome).toBe('busy');
    expect(await breakerOf(second)).toMatchObject({ enable: false });
  });

  it('a rollout that starts keeps an undo from its rules', async () => {
    const policy = policyOf('fast');
    for await (const _guarded of guard(account.parts(policy, 'operator'), arns()));
    const { second, outcome } = await disturbed(
      undo(account.parts(policy, 'operator'), arns()),
      startRollout,
    );
    expect(outcome).toBe('busy');
    expect(await breakerOf(second)).toMatchObject({ enable: true });
  });

  it('a rollout that starts while alarms are made keeps the guard from its rules', async () => {
    const [service = ''] = pair;
    const parts = account.parts(policyOf('balanced'), 'operator');
    const put: typeof parts.alarms.put = async (...alarm) => {
      await parts.alarms.put(...alarm);
      await startRollout(service);
    };
    const outcomes: string[] = [];
    const disturbedParts = { ...parts, alarms: { ...parts.alarms, put } };
    for await (const { outcome } of guard(disturbedParts, [serviceArn(service)])) outcomes.push(outcome);
    expect(outcomes).toEqual(['busy']);
    expect(await breakerOf(service)).toMatchObject({ enable: false });
  });

  it('what somebody sets beside the declared fields stays', async () => {
    const policy = policyOf('{ deploymentCircuitBreaker: { enable: true } }');
    const theirs = { enable: false, rollback: true, resetOnHealthyTask: false };
    const { second, outcome } = await disturbed(guard(account.parts(policy, 'operator'), arns()), (service) =>
      account.ecs.update({ service, deploymentConfiguration: { deploymentCircuitBreaker: theirs } }),
    );
    expect(outcome).toBe('applied');
    expect(await breakerOf(second)).toMatchObject({ ...theirs, enable: true });
  });
});

it('what somebody set after a refused attempt, and before the first that was taken, is what an undo gives back', async () => {
  const [service = ''] = pair;
  const policy = `services: [{ match: "prod/${service}", native: balanced }]`;
  const allow = account.ecs.simulator.faults.deny({ operation: 'UpdateService', resource: service });
  await account.guard(policy, 'operator');
  allow();
  await account.ecs.update({ service, deploymentConfiguration: { maximumPercent: 150 } });
  const first = (await account.configurations([service])).get(service);
  await account.guard(policy, 'operator');
  await account.undo(policy);
  const alarms = { alarmNames: [], enable: false, rollback: false };
  expect((await account.configurations([service])).get(service)).toEqual({ alarms, ...first });
  expect(await account.alarmNames()).not.toContain(`rewind/prod/${service}/memory`);
});

it('an undo after a refused attempt deletes the alarm that was made for it, and changes nothing else', async () => {
  const [service = ''] = pair;
  const policy = `services: [{ match: "prod/${service}", native: balanced }]`;
  const first = await account.configurations([service]);
  const allow = account.ecs.simulator.faults.deny({ operation: 'UpdateService', resource: service });
  await account.guard(policy, 'operator');
  expect(await account.alarmNames()).toContain(`rewind/prod/${service}/memory`);
  await account.undo(policy);
  allow();
  expect(await account.alarmNames()).not.toContain(`rewind/prod/${service}/memory`);
  expect(await account.configurations([service])).toEqual(first);
});
