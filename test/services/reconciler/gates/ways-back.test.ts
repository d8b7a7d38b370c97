import { afterEach, describe, expect, it } from 'vitest';
import { GatedService } from './gated-service';

let gated: GatedService;
afterEach(() => gated.rewind.stop());

const stages = ['POST_TEST_TRAFFIC_SHIFT', 'PRE_PRODUCTION_TRAFFIC_SHIFT', 'POST_PRODUCTION_TRAFFIC_SHIFT'];

/** Deploys a release that goes through its gates; its alarm is raised once ECS has completed it. */
async function failInTheBake(): Promise<void> {
  await gated.deploy();
  await gated.rewind.pass(600);
  while ((await gated.rewind.ecs.serviceDeployments())[0]?.status !== 'SUCCESSFUL') {
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

  it('keeps the load balancer from the first canary of a service that had none to shift by', async () => {
    await start();
    const stable = await gated.rewind.withStable();
    await failInTheBake();
    await gated.rewind.pass(1_200);
    expect(await gated.rewind.decisions('RollbackRejected')).toEqual([]);
    const [issued] = await gated.rewind.decisions('RollbackIssued');
    expect([issued?.method, issued?.carriedOver]).toEqual(['UpdateService', undefined]);
    expect(await gatesOfTheWayBack()).toEqual(everyGateAtOnce);
    expect((await gated.rewind.ecs.describe()).loadBalancers).toHaveLength(1);
    expect([await gated.rewind.runs(), await gated.outcomes()]).toEqual([
      stable,
      ['rolledBack', 'succeeded'],
    ]);
  });
});
