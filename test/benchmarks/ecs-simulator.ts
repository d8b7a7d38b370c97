// How fast the simulator is, by itself: npm run bench -- simulator

import { EcsSimulator, SteppedClock } from '../../infra/ecs-simulator/src/ecs-simulator';
import { instantFrom } from '../../state-machines/log/instant';

const rollouts = 1000;
const desiredCount = 10;
const rolloutsPerService = 10;
const caller = { accessKeyId: 'benchmark', userAgent: '', sourceIpAddress: '' };

const clock = new SteppedClock(instantFrom(Date.UTC(2026, 0, 1)));
let notifications = 0;
let completed = 0;
const simulator = new EcsSimulator({
  clock,
  seed: 1,
  emit({ detail }) {
    notifications += 1;
    if (detail.eventName === 'SERVICE_DEPLOYMENT_COMPLETED') completed += 1;
  },
});
const call = (operation: string, input: object) => simulator.call(operation, input, caller);

function createServices(): string[] {
  call('CreateCluster', { clusterName: 'prod' });
  const containerDefinitions = [{ name: 'app', image: 'example/web:1' }];
  call('RegisterTaskDefinition', { family: 'web', containerDefinitions });
  const names = Array.from({ length: rollouts / rolloutsPerService }, (_, index) => `web-${index}`);
  for (const serviceName of names) {
    call('CreateService', { cluster: 'prod', serviceName, taskDefinition: 'web', desiredCount });
  }
  return names;
}

const startedAt = performance.now();
const services = createServices();
clock.advanceBy(600);
for (let rollout = 1; rollout < rolloutsPerService; rollout += 1) {
  for (const service of services)
    call('UpdateService', { cluster: 'prod', service, forceNewDeployment: true });
  clock.advanceBy(600);
}
const seconds = (performance.now() - startedAt) / 1000;
process.stdout.write(
  `${completed} rollouts of ${desiredCount} tasks, ${notifications} notifications, in ${seconds.toFixed(1)} s\n`,
);
