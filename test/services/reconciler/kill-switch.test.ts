import { TagResourceCommand } from '@aws-sdk/client-ecs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type KillSwitch, observing } from '../../../services/aws/kill-switch';
import { parameterKillSwitch } from '../../../services/aws/parameter-kill-switch';
import type { EventLog } from '../../../services/event-log/event-log';
import { memoryEventLog } from '../../../services/event-log/memory-event-log';
import { crashing, RewindAtWork, service } from './worlds/rewind-at-work';

const name = '/rewind/test/kill-switch';
let rewind: RewindAtWork;
let client: SSMClient;
let killSwitch: KillSwitch;
let stable: string;
let bad: string;

beforeEach(async () => {
  rewind = await RewindAtWork.start(memoryEventLog());
  client = new SSMClient({
    endpoint: rewind.ecs.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'rewind', secretAccessKey: 'unused' },
    maxAttempts: 1,
  });
  killSwitch = parameterKillSwitch(client, name);
  turn('off');
  stable = await rewind.withStable();
  bad = await rewind.ecs.register(crashing);
});
afterEach(async () => {
  client.destroy();
  await rewind.stop();
});

/** Somebody writes the parameter. */
function turn(value: string): void {
  rewind.ecs.call('PutParameter', { Name: name, Value: value, Overwrite: true });
}

/** Beside the one that deployed the bad revision. */
const writes = () => rewind.writes('StopServiceDeployment') + rewind.writes('UpdateService') - 1;

/** The bad revision is deployed, and fails while nobody looks. */
async function failUnseen(): Promise<void> {
  rewind.isAwake = false;
  await rewind.ecs.update({ taskDefinition: bad });
  await rewind.pass(90);
}

const wakeUp = { service, changedFrom: null };

describe('the kill switch', () => {
  it('thrown before the verdict keeps Rewind from its call, and leaves everything else to it', async () => {
    await failUnseen();
    turn('on');
    const { nextWakeAt } = await rewind.reconcilerWith({ killSwitch })(wakeUp);
    expect(await rewind.decisions('VerdictReached')).toHaveLength(2);
    expect(await rewind.decisions('RollbackRequested')).toEqual([]);
    expect(writes()).toBe(0);
    expect(rewind.reports.at(-1)).toMatchObject({
      isHeld: true,
      because: `held: the kill switch ${name} is thrown`,
    });
    expect(nextWakeAt).toBeLessThanOrEqual(rewind.ecs.clock.now() + 60_000);
  });

  it('thrown between the request and the call stops the call; lifted, the reconcile goes on where it was', async () => {
    await failUnseen();
    const log = behindRequest(() => turn('on'));
    await rewind.reconcilerWith({ log, killSwitch })(wakeUp);
    expect(await rewind.decisions('RollbackRequested')).toHaveLength(1);
    expect(writes()).toBe(0);
    for (let minute = 0; minute < 4; minute += 1) {
      await rewind.pass(60);
      await rewind.reconcilerWith({ killSwitch })(wakeUp);
    }
    expect(await rewind.decisions('RollbackRequested')).toHaveLength(1);
    expect(writes()).toBe(0);
    expect(await rewind.runs()).toBe(bad);

    turn('off');
    await rewind.reconcilerWith({ killSwitch })(wakeUp);
    expect(writes()).toBe(1);
    expect(await rewind.decisions('RollbackIssued')).toHaveLength(1);
    rewind.isAwake = true;
    await rewind.pass(120);
    expect(await rewind.runs()).toBe(stable);
  });

  it('holds when it cannot be read, or says anything but off', async () => {
    expect(await parameterKillSwitch(client, '/none').heldBecause()).toBe(
      'the kill switch /none cannot be read: ParameterNotFound: Parameter /none not found.',
    );
    turn('of');
    expect(await killSwitch.heldBecause()).toBe(`the kill switch ${name} is thrown`);
  });

  it('is read for a write, and for nothing else', async () => {
    let reads = 0;
    const counting: KillSwitch = {
      heldBecause: async () => {
        reads += 1;
        return null;
      },
    };
    const reconcile = rewind.reconcilerWith({ killSwitch: counting });
    await reconcile(wakeUp);
    expect(reads).toBe(0);
    await failUnseen();
    await reconcile(wakeUp);
    expect(writes()).toBe(1);
    expect(reads).toBe(2);
  });
});

describe('Rewind deployed to observe', () => {
  it('enforces nothing, whatever the policy and the tags of a service say', async () => {
    const { serviceArn: resourceArn } = await rewind.ecs.describe();
    const tags = [{ key: 'rewind:mode', value: 'enforce' }];
    await rewind.ecs.client.send(new TagResourceCommand({ resourceArn, tags }));
    await failUnseen();
    await rewind.reconcilerWith({ mode: 'observe', killSwitch: observing })(wakeUp);
    const opened = await rewind.decisions('RolloutOpened');
    expect(opened.at(-1)?.policy.mode).toBe('observe');
    expect(await rewind.decisions('RollbackRequested')).toEqual([]);
    expect(writes()).toBe(0);
  });

  it('holds a rollback that was decided when it was deployed to enforce', async () => {
    await rewind.ecs.update({ taskDefinition: bad });
    await rewind.pass(5);
    await failUnseen();
    await rewind.reconcilerWith({ mode: 'observe', killSwitch: observing })(wakeUp);
    expect(writes()).toBe(0);
    expect(rewind.reports.at(-1)?.because).toBe('held: Rewind is deployed to observe only');
  });
});

/** The log, with something happening when a rollback has been requested. */
function behindRequest(happen: () => void): EventLog {
  return {
    ...rewind.log,
    async append(recorded) {
      const result = await rewind.log.append(recorded);
      if (recorded.event.type === 'RollbackRequested') happen();
      return result;
    },
  };
}
