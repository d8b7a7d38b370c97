import { afterEach, describe, expect, it } from 'vitest';
import type { EventLog } from '../../../../services/event-log/event-log';
import { memoryEventLog } from '../../../../services/event-log/memory-event-log';
import { parsePolicyFile } from '../../../../services/policy/policy-file';
import { crashing, RewindAtWork, service } from '../worlds/rewind-at-work';

let rewind: RewindAtWork;
afterEach(() => rewind.stop());

const policy = 'defaults: { alarms: [errors, latency], provenBy: completion }';

/** A log whose process dies when it wants to tell that it called ECS. */
function diesBehindCall(log: EventLog): EventLog {
  return {
    ...log,
    async append(recorded) {
      if (recorded.event.type === 'RollbackIssued') throw new Error('the process is gone');
      return log.append(recorded);
    },
  };
}

describe('a way back that its process did not live to tell of (I3)', () => {
  it('is not taken back while nobody else may act for that process, though an alarm speaks against it', async () => {
    const log = memoryEventLog();
    rewind = await RewindAtWork.start(log, { policy });
    for (const name of ['errors', 'latency']) rewind.alarm(name, 'OK');
    const stable = await rewind.withStable();
    await rewind.ecs.update({ taskDefinition: stable, forceNewDeployment: true });
    await rewind.pass(120);
    rewind.isAwake = false;
    rewind.alarm('latency', 'ALARM');
    await rewind.pass(1);
    const dying = rewind.reconcilerWith({
      log: diesBehindCall(log),
      policies: parsePolicyFile(policy, 'policy'),
    });
    await expect(dying({ service, changedFrom: null })).rejects.toThrow('the process is gone');
    await rewind.pass(5);
    rewind.isAwake = true;
    rewind.alarm('errors', 'ALARM');
    await rewind.pass(600);
    expect(rewind.writes('UpdateService')).toBe(2);
    const [back] = (await rewind.ecs.describe()).deployments ?? [];
    const [adopted] = await rewind.decisions('RollbackAdopted');
    expect(adopted).toMatchObject({ by: 'rewind', rollbackDeployment: back?.id });
  });

  it('is put down to Rewind by whoever was not told of the attempt, which stands far back in the log', async () => {
    const log = memoryEventLog();
    rewind = await RewindAtWork.start(log);
    await rewind.withStable();
    rewind.isAwake = false;
    await rewind.ecs.update({ taskDefinition: await rewind.ecs.register(crashing) });
    await rewind.pass(120);
    const heldBecause = async () => 'the kill switch is thrown';
    await rewind.reconcilerWith({ killSwitch: { heldBecause } })({ service, changedFrom: null });
    const dying = rewind.reconcilerWith({ log: diesBehindCall(log) });
    await expect(dying({ service, changedFrom: null })).rejects.toThrow('the process is gone');
    await rewind.pass(5);
    await rewind.reconcilerWith()({ service, changedFrom: null });
    expect(await rewind.decisions('RollbackAdopted')).toEqual([]);
    await rewind.pass(60);
    await rewind.reconcilerWith()({ service, changedFrom: null });
    const [back] = (await rewind.ecs.describe()).deployments ?? [];
    const [adopted] = await rewind.decisions('RollbackAdopted');
    expect(adopted).toMatchObject({ by: 'rewind', attempt: 1, rollbackDeployment: back?.id });
    expect(rewind.writes('StopServiceDeployment')).toBe(1);
  });
});
