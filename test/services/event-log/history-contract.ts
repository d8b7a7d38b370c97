import { expect, it } from 'vitest';
import type { EventLog, HistoryLog } from '../../../services/event-log/event-log';
import type { DeploymentId } from '../../../state-machines/log/identifiers';
import type { Instant } from '../../../state-machines/log/instant';
import type { RolloutRecord } from '../../../state-machines/service/history/rollout-record';
import { newService, recordedAt } from './recorded-events';

/** What an event log keeps of concluded rollouts, beside their events. */
export function historyContract(eventLog: () => EventLog & HistoryLog): void {
  it('keeps a concluded rollout with its conclusion, and neither of them twice', async () => {
    const log = eventLog();
    const service = newService();
    const conclude = async (index: number, outcome: RolloutRecord['outcome']) => {
      const recorded = recordedAt(1_700_000_000_000 + index * 1000);
      const event = { ...recorded.event, service };
      return log.append({ ...recorded, event, rollout: recordOf(index, outcome) });
    };
    expect(await conclude(1, 'succeeded')).toBe('appended');
    expect(await conclude(2, 'rolledBack')).toBe('appended');
    expect(await conclude(2, 'superseded')).toBe('duplicate');
    expect(await conclude(3, 'succeeded')).toBe('appended');
    expect(await log.rollouts(service, 2)).toEqual([recordOf(3, 'succeeded'), recordOf(2, 'rolledBack')]);
    const [newest, ...others] = await log.newest(service, 2);
    expect(newest?.event.occurredAt).toBe(1_700_000_003_000);
    expect(newest).not.toHaveProperty('rollout');
    expect(others).toHaveLength(1);
  });

  it('has nothing of a service that it does not know', async () => {
    const service = newService();
    expect([await eventLog().rollouts(service, 9), await eventLog().newest(service, 9)]).toEqual([[], []]);
  });
}

function recordOf(index: number, outcome: RolloutRecord['outcome']): RolloutRecord {
  return {
    deployment: `ecs-svc/${index}` as DeploymentId,
    startedAt: (1_700_000_000_000 + index) as Instant,
    taskDefinition: null,
    serviceRevision: null,
    images: null,
    phase: 'done',
    outcome,
    endedAt: null,
    dueAt: null,
    mode: 'enforce',
    verdict: null,
    rollback: null,
    rollbackOf: null,
    hasFailedBefore: false,
    tasks: { started: 0, running: 0, failed: 0 },
    firstFailures: [],
    by: null,
    act: null,
  };
}
