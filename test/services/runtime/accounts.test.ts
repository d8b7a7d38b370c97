import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serviceAlarm } from '../../../infra/docs/units/counted-service';
import type { LocalTable } from '../../../infra/local/aws/dynamodb/dynamodb';
import { setVariables } from '../../../infra/local/process-environment';
import { discoverySeconds, RewindInProcess, sweepSeconds } from '../../../infra/local/rewind-in-process';
import { discoverEverywhere } from '../../../services/discovery/discover-everywhere';
import type { AccountRegion } from '../../../services/runtime/account-regions';
import { readConfig } from '../../../services/runtime/config';
import { eventLogOf } from '../../../services/runtime/functions/log-clients';
import { alarmsOf, ecsOf, inventoriesOf } from '../../../services/runtime/functions/service-clients';
import type { RewindEvent } from '../../../state-machines/log/events';
import { parseServiceArn, type ServiceArn } from '../../../state-machines/log/identifiers';
import { openOwnTable } from '../../fixtures/own-table';
import { SimulatedAccounts } from '../../infra/local/simulated-accounts';
import { memberActions } from '../../infra/member-actions';
import { collect } from '../event-log/collect';

const home = { account: '123456789012', region: 'us-east-1' };
const member = { account: '444455556666', region: 'eu-west-1' };
const stranger = { account: '777788889999', region: 'us-east-1' };
const role = 'arn:aws:iam::444455556666:role/rewind-member';
const measuring = ['DescribeRules', 'DescribeTargetGroups', 'GetMetricData'];
/** Everywhere the same names: nothing but the ARN tells the services apart. */
const serviceIn = ({ account, region }: { account: string; region: string }) =>
  parseServiceArn(`arn:aws:ecs:${region}:${account}:service/prod/web`);

let dynamoDb: LocalTable;
let accounts: SimulatedAccounts;
let putBack: () => void;
beforeAll(async () => {
  [dynamoDb, accounts] = await Promise.all([
    openOwnTable(),
    SimulatedAccounts.start([home, member, stranger]),
  ]);
  putBack = setVariables({
    ...dynamoDb.environment,
    ...accounts.environment,
    REWIND_TABLE: dynamoDb.tableName,
    REWIND_MODE: 'enforce',
    REWIND_ACCOUNT: home.account,
    REWIND_POLICY: JSON.stringify({
      defaults: { bakeSeconds: 60, alarms: ['web-5xx'] },
      accounts: { [member.account]: { role, regions: [member.region] } },
    }),
  });
});
afterAll(async () => {
  putBack?.();
  await accounts?.stop();
  await dynamoDb?.stop();
});

/** The deployed functions' parts, made as they make them, in the time of the simulators. */
function functions() {
  const config = readConfig(process.env);
  const errors: Error[] = [];
  const onFailure = (_: ServiceArn, error: Error) => void errors.push(error);
  const rewind = new RewindInProcess({
    clock: accounts.clock,
    eventLog: eventLogOf(config),
    ecs: ecsOf(config),
    alarms: alarmsOf(config),
    policies: config.policies,
    onFailure,
  });
  const discover = (onDiscovered: (place: AccountRegion) => void) =>
    discoverEverywhere({
      ...rewind.shared,
      inventories: inventoriesOf(config),
      periodSeconds: discoverySeconds,
      onFailure,
      onDiscovered,
    });
  return { rewind, errors, discover };
}

type Functions = ReturnType<typeof functions>;

function call(account: string, operation: string, input: object): Record<string, unknown> {
  const caller = { accessKeyId: 'deployer', userAgent: 'test', sourceIpAddress: '127.0.0.1' };
  return accounts.simulatorOf(account).call(operation, input, caller);
}

function register(account: string, dockerLabels: Record<string, string>): string {
  const containerDefinitions = [{ name: 'app', image: 'example/web:1', dockerLabels }];
  const { taskDefinition } = call(account, 'RegisterTaskDefinition', { family: 'web', containerDefinitions });
  return (taskDefinition as { taskDefinitionArn: string }).taskDefinitionArn;
}

function createService(account: string): void {
  call(account, 'CreateCluster', { clusterName: 'prod' });
  call(account, 'PutMetricAlarm', serviceAlarm);
  call(account, 'SetAlarmState', {
    AlarmName: serviceAlarm.AlarmName,
    StateValue: 'OK',
    StateReason: 'none',
  });
  const taskDefinition = register(account, {});
  call(account, 'CreateService', { cluster: 'prod', serviceName: 'web', desiredCount: 2, taskDefinition });
}

function deployBad(account: string): void {
  const taskDefinition = register(account, { 'rewind.behaviour': 'crash', 'rewind.crash-after': '5' });
  call(account, 'UpdateService', { cluster: 'prod', service: 'web', taskDefinition });
}

/** Lets time pass in all accounts; what they notify arrives on the one bus. */
async function pass({ rewind }: Functions, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second += 5) {
    accounts.clock.advanceBy(5);
    for (const envelope of accounts.notifications.splice(0)) rewind.receive(envelope, 0);
    await rewind.settle();
    if (second % sweepSeconds === 0) await rewind.sweep();
  }
}

async function eventsOf({ rewind: { eventLog } }: Functions, service: ServiceArn): Promise<RewindEvent[]> {
  return (await collect(eventLog.read(service, null))).map(({ event }) => event);
}

const writesOf = (account: string) =>
  accounts
    .simulatorOf(account)
    .calls.list()
    .filter(({ operation }) => operation === 'StopServiceDeployment' || operation === 'UpdateService')
    .map(({ operation }) => operation);

describe('two accounts in two regions, with services of the same name', () => {
  it('each have their bad rollout taken back, and nothing else is written', async () => {
    const rewind = functions();
    for (const { account } of [home, member]) createService(account);
    await pass(rewind, 300);
    for (const { account } of [home, member]) deployBad(account);
    await pass(rewind, 300);
    for (const place of [home, member]) {
      const events = await eventsOf(rewind, serviceIn(place));
      const issued = events.filter(({ type }) => type === 'RollbackIssued');
      const target = `arn:aws:ecs:${place.region}:${place.account}:task-definition/web:1`;
      expect(issued).toMatchObject([{ target }]);
      expect(writesOf(place.account)).toEqual(['UpdateService', 'StopServiceDeployment']);
      const { services } = call(place.account, 'DescribeServices', { cluster: 'prod', services: ['web'] });
      expect(services).toMatchObject([{ taskDefinition: target, runningCount: 2 }]);
    }
    expect(rewind.errors).toEqual([]);
  });

  it('are called with the credentials of their own account and in their own region, and the role is assumed once for each service of AWS', () => {
    const places = new Set(accounts.calls.map(({ account, region }) => `${account} ${region}`));
    expect(places).toEqual(new Set(['123456789012 us-east-1', '444455556666 eu-west-1']));
    expect(accounts.assumed).toEqual([role, role]);
  });

  it('are reached in observe mode by sessions that may write nothing, whatever their role there allows (I8)', async () => {
    expect(accounts.sessionPolicies).toEqual([null, null]);
    const putMode = setVariables({ REWIND_MODE: 'observe' });
    try {
      await functions().discover(() => {});
    } finally {
      putMode();
    }
    const policies = accounts.sessionPolicies.slice(2);
    expect(policies.length).toBeGreaterThan(0);
    const asked = [...memberActions('MemberRole'), ...memberActions('GuardLooking')];
    for (const policy of policies) {
      const { Statement } = JSON.parse(policy ?? '{}');
      const allowed: string[] = Statement.flatMap(({ Action }: { Action: string[] }) => Action);
      expect(allowed.filter((action) => !/:(Describe|List|GetMetricData$)/.test(action))).toEqual([]);
      const names = allowed.map((action) => action.replace(/^.*:/, '').replace('*', '.*'));
      const isAllowed = new RegExp(`^(${names.join('|')})$`);
      expect(asked.filter((action) => !isAllowed.test(action))).toEqual([]);
    }
  });

  it('are asked for nothing that the role of infra/member-account.yml does not allow, which allows nothing else', async () => {
    await functions().discover(() => {});
    const asked = accounts.calls.filter(({ account }) => account === member.account);
    const operations = new Set(asked.map(({ operation }) => operation));
    // Nothing is measured here: no policy says `analysis`.
    const allowed = memberActions('MemberRole').filter((action) => !measuring.includes(action));
    expect([...operations].sort()).toEqual([...allowed, 'StopServiceDeployment'].sort());
    expect(memberActions('TakingBack')).toEqual([
      'ContinueServiceDeployment',
      'StopServiceDeployment',
      'UpdateService',
      'RegisterTaskDefinition',
      'TagResource',
      'PassRole',
    ]);
  });

  it('of an account that the policy does not name are given up with a sentence in the log, and never called', async () => {
    const rewind = functions();
    const before = accounts.calls.length;
    createService(stranger.account);
    await pass(rewind, 100);
    deployBad(stranger.account);
    await pass(rewind, 100);
    const events = await eventsOf(rewind, serviceIn(stranger));
    const concluded = events.filter(({ type }) => type === 'RolloutConcluded');
    const message = `the policy file's accounts name no way to account ${stranger.account} in ${stranger.region}`;
    expect(concluded.length).toBeGreaterThanOrEqual(2);
    for (const conclusion of concluded) expect(conclusion).toMatchObject({ outcome: 'abandoned', message });
    expect(writesOf(stranger.account)).toEqual(['UpdateService']);
    expect(accounts.calls).toHaveLength(before);
    expect(rewind.errors).toEqual([]);
  });

  it('are discovered each by its own, where one that is out of reach keeps no other from its turn', async () => {
    const rewind = functions();
    accounts.calls.length = 0;
    const discovered: string[] = [];
    const note = ({ account }: AccountRegion) => void discovered.push(account);
    await rewind.discover(note);
    expect(discovered).toEqual([home.account, member.account]);
    const putRegion = setVariables({
      REWIND_POLICY: JSON.stringify({
        accounts: {
          '999999999999': { role: 'arn:aws:iam::999999999999:role/r', regions: ['us-east-1'] },
          [member.account]: { role, regions: [member.region] },
        },
      }),
    });
    try {
      discovered.length = 0;
      await expect(functions().discover(note)).rejects.toThrow(
        '999999999999 in us-east-1: not authorized to perform',
      );
      expect(discovered).toEqual([home.account, member.account]);
    } finally {
      putRegion();
    }
  });

  it('each hear of the alarms of their own account, though another has one of the same name', async () => {
    const rewind = functions();
    for (const { account } of [home, member]) {
      const taskDefinition = register(account, { 'rewind.behaviour': 'healthy' });
      call(account, 'UpdateService', { cluster: 'prod', service: 'web', taskDefinition });
    }
    await pass(rewind, 30);
    const { AlarmName } = serviceAlarm;
    call(member.account, 'SetAlarmState', { AlarmName, StateValue: 'ALARM', StateReason: 'stated' });
    await pass(rewind, 30);
    const isRaise = (event: RewindEvent) => event.type === 'AlarmChanged' && event.state === 'ALARM';
    expect((await eventsOf(rewind, serviceIn(home))).filter(isRaise)).toHaveLength(0);
    expect((await eventsOf(rewind, serviceIn(member))).filter(isRaise)).toHaveLength(1);
    expect(writesOf(home.account).at(-1)).toBe('UpdateService');
    expect(writesOf(member.account).at(-1)).toBe('StopServiceDeployment');
  });
});
