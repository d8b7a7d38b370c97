import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { inProcessClients } from '../../../../infra/local/in-process-clients';
import { RewindInProcess } from '../../../../infra/local/rewind-in-process';
import { awsEcs } from '../../../../services/aws/ecs/aws-ecs';
import type { CheckResult } from '../../../../services/cli/doctor/check-result';
import { noPolicyFile } from '../../../../services/policy/policy-file';
import { parseServiceArn } from '../../../../state-machines/log/identifiers';
import { instantFrom } from '../../../../state-machines/log/instant';
import { loadBalancers } from '../../../infra/ecs-simulator/hooked-service';
import { collect } from '../../event-log/collect';
import { StatedAlarms } from '../../reconciler/worlds/stated-alarms';
import { DoctoredAccount, part } from './doctored-account';
import { faults } from './planted-faults';

let doctored: DoctoredAccount;
beforeAll(async () => {
  doctored = await DoctoredAccount.start();
});
afterEach(() => doctored.mend());
afterAll(() => doctored?.stop());

const faultsIn = (findings: readonly CheckResult[]) =>
  findings.filter(({ result }) => result === 'failed').map(({ check, message }) => `${check}: ${message}`);
const notesIn = (findings: readonly CheckResult[]) =>
  findings.filter(({ result }) => result === 'noted').map(({ check, message }) => `${check}: ${message}`);

describe('a stack without a fault', () => {
  it('has none', async () => {
    expect(faultsIn(await doctored.findings())).toEqual([]);
  });
});

describe('a stack that is not there', () => {
  it('is the only fault that is found', async () => {
    expect(faultsIn(await doctored.findings({ name: 'rewind-prod' }))).toEqual([
      'stack: there is no stack rewind-prod',
    ]);
  });
});

describe('each fault is found, alone, with what to do about it', () => {
  it.each(faults)('%s', async (_, plant, found) => {
    plant(doctored);
    const findings = await doctored.findings();
    expect(faultsIn(findings).sort()).toEqual([...found].sort());
    for (const { result, hint } of findings) expect(hint === null).toBe(result === 'passed');
  });

  it('an archive that takes nothing', async () => {
    const { template } = doctored.account;
    const Archive = { Type: 'AWS::Events::Archive', Properties: {} };
    doctored.account = {
      ...doctored.account,
      template: { ...template, Resources: { ...template.Resources, Archive } },
      archives: new Map([['Archive', { state: 'DISABLED' }]]),
    };
    expect(faultsIn(await doctored.findings())).toEqual([
      'archive: Archive is DISABLED: nothing is added to it',
    ]);
  });

  it('a service that waits for Rewind in an account that the policy does not name', async () => {
    const service = parseServiceArn('arn:aws:ecs:us-east-1:999999999999:service/prod/web');
    const kept = { version: 1, reducerVersion: 1, fold: {}, watchedAlarms: [] };
    await doctored.log.writeSnapshot(service, { ...kept, nextWakeAt: instantFrom(1) });
    const findings = await doctored.findings();
    await doctored.log.writeSnapshot(service, { ...kept, version: 2, nextWakeAt: null });
    expect(faultsIn(findings)).toEqual([
      'accounts: notifications of prod/web arrive from an account or region that the policy file does not name',
    ]);
  });
});

describe('what is no fault, but to be known', () => {
  it('is a service that no policy matches', async () => {
    const call = (operation: string, input: object) =>
      doctored.simulator.call(operation, input, { accessKeyId: 'test', userAgent: '', sourceIpAddress: '' });
    call('CreateCluster', { clusterName: 'staging' });
    call('RegisterTaskDefinition', { family: 'web', containerDefinitions: [{ name: 'app', image: 'web' }] });
    call('CreateService', { cluster: 'staging', serviceName: 'web', taskDefinition: 'web', desiredCount: 1 });
    expect(notesIn(await doctored.findings())).toContain(
      'policy: no policy matches staging/web: Rewind does not look after them',
    );
  });

  it('R24 is a service at whose gate two PAUSE hooks stand: Rewind answers neither', async () => {
    const caller = { accessKeyId: 'test', userAgent: '', sourceIpAddress: '' };
    const REWIND_POLICY = 'defaults: { gates: { stages: [POST_TEST_TRAFFIC_SHIFT] } }';
    for (const { environment } of doctored.account.functions.values()) {
      Object.assign(environment, { REWIND_POLICY });
    }
    const pause = { targetType: 'PAUSE', lifecycleStages: ['POST_TEST_TRAFFIC_SHIFT'] };
    const call = (operation: string, input: object) => doctored.simulator.call(operation, input, caller);
    call('CreateCluster', { clusterName: 'gated' });
    call('RegisterTaskDefinition', { family: 'api', containerDefinitions: [{ name: 'app', image: 'api' }] });
    call('CreateService', {
      ...{ cluster: 'gated', serviceName: 'api', taskDefinition: 'api', desiredCount: 1, loadBalancers },
      deploymentConfiguration: {
        strategy: 'BLUE_GREEN',
        bakeTimeInMinutes: 5,
        lifecycleHooks: [pause, pause],
      },
    });
    expect(notesIn(await doctored.findings())).toContain(
      'policy: gated/api: 2 PAUSE hooks stand at POST_TEST_TRAFFIC_SHIFT: Rewind answers none of them',
    );
  });

  it('is a permissions boundary, a backlog, a kill switch that is thrown, an account of no policy, and what may not be looked at', async () => {
    part(doctored.account.roles, 'SweepRole').hasBoundary = true;
    part(doctored.account.queues, 'NotificationQueue').messages = () => 1001;
    doctored.account.forwarding.push('444455556666');
    doctored.account.denied.add('FilterLogEvents');
    doctored.throwKillSwitch('on');
    const findings = await doctored.findings();
    expect(notesIn(findings)).toEqual(
      expect.arrayContaining([
        'roles: SweepRole has a permissions boundary',
        'queues: NotificationQueue holds 1001',
        'accounts: account 444455556666 may put on the bus, and the policy file does not name it',
        'mode: the kill switch /rewind/local/kill-switch is thrown: Rewind writes nothing to ECS',
        'errors: could not be looked at: not authorized to perform: Logs_20140328.FilterLogEvents',
      ]),
    );
    expect(faultsIn(findings)).toEqual([]);
  });
});

describe('a probe', () => {
  const rewind = () =>
    new RewindInProcess({
      clock: doctored.clock,
      eventLog: doctored.log,
      ecs: awsEcs(inProcessClients(doctored.simulator, 'rewind').ecs),
      alarms: new StatedAlarms(),
      policies: noPolicyFile,
    });

  it('that comes to nothing is a fault', async () => {
    expect(faultsIn(await doctored.findings({ probeSeconds: 0.5 }))).toEqual([
      'flow: a probe put on the bus did not reach the log within 0.5 s',
    ]);
  });

  it('that wakes nobody is a fault', async () => {
    const attached = rewind();
    doctored.deliver = (envelope) => attached.ingest(JSON.stringify(envelope));
    expect(faultsIn(await doctored.findings({ probeSeconds: 2 }))).toEqual([
      'flow: a probe stands in the log, but the reconciler was not woken within 2 s',
    ]);
  });

  it('that goes all the way is none, and is not in the log afterwards', async () => {
    const service = parseServiceArn('arn:aws:ecs:us-east-1:123456789012:service/rewind.doctor/probe');
    const attached = rewind();
    doctored.deliver = (envelope) => {
      attached.receive(envelope, 0);
      return attached.settle();
    };
    const findings = await doctored.findings({ probeSeconds: 20 });
    expect(findings.at(-1)).toMatchObject({ check: 'flow', result: 'passed' });
    expect(await collect(doctored.log.read(service, null))).toEqual([]);
  });
});
