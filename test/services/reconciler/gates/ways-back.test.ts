import { afterEach, describe, expect, it } from 'vitest';
import { loadBalancers } from '../../../infra/ecs-simulator/hooked-service';
import { GatedService } from './gated-service';

let gated: GatedService;
afterEach(() => gated.rewind.stop());

const stages = ['POST_TEST_TRAFFIC_SHIFT', 'PRE_PRODUCTION_TRAFFIC_SHIFT', 'POST_PRODUCTION_TRAFFIC_SHIFT'];

const newestStatus = async () => (await gated.rewind.ecs.serviceDeployments())[0]?.status;

/** A release goes through its gates; its alarm is raised once ECS has completed it. */
async function failInTheBake(balancers: object[] = loadBalancers): Promise<void> {
  const taskDefinition = await gated.rewind.ecs.register();
  await gated.rewind.ecs.update({
    taskDefinition,
    loadBalancers: balancers as never,
    deploymentConfiguration: gated.canary(),
  });
  await gated.rewind.pass(600);
  for (let second = 0; (await newestStatus()) !== 'SUCCESSFUL' && second < 900; second += 5) {
    await gated.rewind.pass(5);
  }
  gated.rewind.alarm('web-5xx', 'ALARM');
  await gated.rewind.pass(60);
  gated.rewind.alarm('web-5xx', 'OK');
}

async function start(): Promise<void> {
  gated = await GatedService.start(stages, { gates: 'minimumSeconds: 60', more: 'alarms: [web-5xx]' });
  gated.rewind.alarm('web-5xx', 'OK');
}

/** The gates of the way back, each with the seconds for which it was open. */
async function gatesOfTheWayBack() {
  const events = await gated.rewind.events();
  const decided = await gated.rewind.decisions('GateDecided');
  const [rollback] = (await gated.rewind.decisions('RollbackIssued')).map((one) => one.rollbackDeployment);
  return decided
    .filter(({ deployment }) => deployment === rollback)
    .map(({ hookId, stage, answer, because }) => {
      const timeOf = (type: string) =>
        events.find((event) => event.type === type && 'hookId' in event && event.hookId === hookId)
          ?.occurredAt ?? Number.NaN;
      const seconds = (timeOf('GateAnswered') - timeOf('HookChanged')) / 1000;
      return { stage, answer, because, isAtOnce: seconds <= 2 };
    });
}

const atOnce = { answer: 'CONTINUE', because: 'a way back waits for nothing', isAtOnce: true };
const everyGateAtOnce = [
  { stage: 'POST_TEST_TRAFFIC_SHIFT', ...atOnce },
  { stage: 'PRE_PRODUCTION_TRAFFIC_SHIFT', ...atOnce },
  { stage: 'PRE_PRODUCTION_TRAFFIC_SHIFT', ...atOnce },
  { stage: 'POST_PRODUCTION_TRAFFIC_SHIFT', ...atOnce },
];

describe('the way back of a service with gates', () => {
  it('R58 goes through every gate at once where it comes after completion, by UpdateService', async () => {
    await start();
    const stable = await gated.deployFirst();
    await gated.rewind.pass(1_200);
    await failInTheBake();
    await gated.rewind.pass(1_200);
    expect(await gated.rewind.decisions('RollbackIssued')).toMatchObject([
      { method: 'UpdateService', target: stable },
    ]);
    expect(await gatesOfTheWayBack()).toEqual(everyGateAtOnce);
    expect([await gated.rewind.runs(), await gated.outcomes()]).toEqual([
      stable,
      ['rolledBack', 'succeeded'],
    ]);
  });

  it('brings back a load balancer that ECS can shift by', async () => {
    await start();
    await gated.deployFirst();
    await gated.rewind.pass(1_200);
    await failInTheBake(loadBalancers.map((one) => ({ ...one, containerPort: 81 })));
    await gated.rewind.pass(60);
    expect(await gated.rewind.decisions('RollbackIssued')).toMatchObject([
      { method: 'UpdateService', carriedOver: ['loadBalancers'] },
    ]);
    expect((await gated.rewind.ecs.describe()).loadBalancers).toMatchObject(loadBalancers);
  });

  it.each([
    ['none', []],
    ['one target group', loadBalancers.map(({ advancedConfiguration, ...plain }) => plain)],
  ])('keeps the load balancer of the first canary behind a service with %s', async (_, former) => {
    await start();
    const stable = await gated.rewind.ecs.register();
    await gated.rewind.ecs.create({ taskDefinition: stable, loadBalancers: former });
    await gated.rewind.pass(500);
    await failInTheBake();
    await gated.rewind.pass(1_200);
    const [issued] = await gated.rewind.decisions('RollbackIssued');
    expect([issued?.method, issued?.carriedOver]).toEqual(['UpdateService', undefined]);
    expect(await gatesOfTheWayBack()).toEqual(everyGateAtOnce);
    expect((await gated.rewind.ecs.describe()).loadBalancers).toMatchObject(loadBalancers);
    expect([await gated.rewind.runs(), await gated.outcomes()]).toEqual([
      stable,
      ['rolledBack', 'succeeded'],
    ]);
  });
});
