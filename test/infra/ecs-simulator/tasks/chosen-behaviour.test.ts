import { expect, it } from 'vitest';
import {
  type Behaviour,
  clockTime,
  EcsSimulator,
  healthy,
  type Notification,
  type StartingContainer,
  SteppedClock,
} from '../../../../infra/ecs-simulator/src/ecs-simulator';

const caller = { accessKeyId: 'test', userAgent: '', sourceIpAddress: '' };

function play(chooseBehaviour: (container: StartingContainer) => Behaviour | null): Notification[] {
  const notifications: Notification[] = [];
  const clock = new SteppedClock(clockTime(Date.UTC(2026, 0, 1)));
  const emit = (notification: Notification) => notifications.push(notification);
  const simulator = new EcsSimulator({ clock, seed: 1, emit, chooseBehaviour });
  const call = (operation: string, input: object) => simulator.call(operation, input, caller);
  call('CreateCluster', { clusterName: 'prod' });
  const containerDefinitions = [{ name: 'app', image: 'example/web:1' }];
  call('RegisterTaskDefinition', { family: 'web', containerDefinitions });
  call('CreateService', { cluster: 'prod', serviceName: 'web', taskDefinition: 'web', desiredCount: 1 });
  clock.advanceBy(60);
  return notifications.filter(({ detail }) => detail.lastStatus === 'STOPPED');
}

it('asks how a container behaves while its task is pending and as it runs', () => {
  const asked: string[] = [];
  const stops = play(({ container, lastStatus }) => {
    asked.push(`${container} ${lastStatus}`);
    return null;
  });
  expect(asked).toEqual(['app PENDING', 'app RUNNING']);
  expect(stops).toEqual([]);
});

it('lets a chosen behaviour keep a task from starting, or end it later', () => {
  const reason = 'CannotPullContainerError: i/o timeout';
  const startFailure = { during: 'pulling', reason } as const;
  const [unstarted] = play(({ lastStatus }) =>
    lastStatus === 'PENDING' ? { ...healthy, startFailure } : null,
  );
  expect(unstarted?.detail).toMatchObject({ stopCode: 'TaskFailedToStart', stoppedReason: reason });
  const exit = { afterSeconds: 5, code: 3, reason: null };
  const [exited] = play(({ lastStatus }) => (lastStatus === 'RUNNING' ? { ...healthy, exit } : null));
  expect(exited?.detail).toMatchObject({
    stopCode: 'EssentialContainerExited',
    containers: [{ exitCode: 3 }],
  });
});
