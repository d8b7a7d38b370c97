import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EcsSimulator, SteppedClock } from '../../infra/ecs-simulator/src/ecs-simulator';
import { type AttachedRewind, attachRewind } from '../../infra/local/attached-rewind';
import type { RecordedEvent } from '../../services/event-log/event-log';
import { parsePolicyFile } from '../../services/policy/policy-file';
import type { DecidedEvent } from '../../state-machines/log/decided-events';
import { shortTaskDefinition, type TaskDefinitionArn } from '../../state-machines/log/identifiers';
import { instantFrom, secondsAfter } from '../../state-machines/log/instant';

/** Calls of ECS at given seconds, and what the service has to run in the end. */
interface CallStory {
  readonly minutes: number;
  readonly policy?: object;
  readonly expect: { readonly taskDefinition: string };
  readonly calls: readonly StoryCall[];
}
interface StoryCall {
  readonly at: number;
  readonly op?: string;
  readonly input?: object;
  /** An image whose tag moves: nobody calls ECS for that. */
  readonly push?: { readonly image: string; readonly labels?: Record<string, string> };
}

const origin = instantFrom(Date.UTC(2026, 0, 1));
const caller = { accessKeyId: 'operator', userAgent: 'test', sourceIpAddress: '127.0.0.1' };

function readStory(name: string): CallStory {
  const file = new URL(`../fixtures/field/live/${name}.calls.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as CallStory;
}

/** Plays a story on a clock of its own, with Rewind attached. */
async function play({ minutes, policy = {}, calls }: Omit<CallStory, 'expect'>, { attachedAt = 0 } = {}) {
  const clock = new SteppedClock(origin);
  const recorded: RecordedEvent[] = [];
  const attached: AttachedRewind[] = [];
  const simulator = new EcsSimulator({
    clock,
    seed: 1,
    emit: (envelope) => attached.forEach((rewind) => void rewind.receive(envelope)),
  });
  const policies = parsePolicyFile(JSON.stringify(policy), 'policy');
  const onAppended = (event: RecordedEvent) => void recorded.push(event);
  clock.schedule(secondsAfter(origin, attachedAt), () => {
    attached.push(attachRewind({ clock, simulator, policies, seed: 3, onAppended }));
  });
  for (const { at, op, input, push } of calls) {
    clock.schedule(secondsAfter(origin, at), () => {
      if (push !== undefined) simulator.images.push(push.image, push.labels);
      if (op !== undefined) simulator.call(op, input ?? {}, caller);
    });
  }
  const settle = async () => {
    await simulator.idle();
    for (const rewind of attached) await rewind.settle();
  };
  await settle();
  const end = secondsAfter(origin, minutes * 60);
  for (let next = clock.nextAt(); next !== null && next <= end; next = clock.nextAt()) {
    clock.advanceTo(next);
    await settle();
  }
  const { services } = simulator.call('DescribeServices', { cluster: 'prod', services: ['web'] }, caller);
  const { taskDefinition } = (services as { taskDefinition: TaskDefinitionArn }[])[0] ?? {};
  const decisions = <Type extends DecidedEvent['type']>(type: Type) =>
    recorded
      .map(({ event }) => event)
      .filter((event): event is Extract<DecidedEvent, { type: Type }> => event.type === type);
  const describeTaskDefinition = (name: string) =>
    simulator.call('DescribeTaskDefinition', { taskDefinition: name, include: ['TAGS'] }, caller);
  return { runs: taskDefinition && shortTaskDefinition(taskDefinition), decisions, describeTaskDefinition };
}

describe('the way back', () => {
  it.each([
    'latest-is-another-image-now',
    'terraform-deregistered-the-target',
    'the-stack-cleaned-the-target-up',
    'two-of-forty-after-the-rollback',
  ])('is found: %s', async (name) => {
    const story = readStory(name);
    expect((await play(story)).runs).toBe(story.expect.taskDefinition);
  });

  it('is what ECS completed before Rewind was there, INACTIVE or not', async () => {
    const story = readStory('terraform-deregistered-the-target');
    const { runs, decisions } = await play(story, { attachedAt: 1700 });
    expect(runs).toBe('web:1');
    expect(decisions('RollbackIssued')).toMatchObject([{ method: 'StopServiceDeployment' }]);
    expect(decisions('RolloutConcluded')[0]?.outcome).toBe('rolledBack');
  });

  it('is a copy of what the stack cleaned up, with all that the original had, and the original is its target', async () => {
    const { decisions, describeTaskDefinition } = await play(readStory('the-stack-cleaned-the-target-up'));
    const [issued] = decisions('RollbackIssued');
    const [opened] = decisions('RolloutOpened');
    expect(issued).toMatchObject({
      method: 'UpdateService',
      target: opened?.taskDefinition,
      serviceRevision: opened?.serviceRevision,
      images: opened?.images,
      copy: expect.stringMatching(/web:3$/),
    });
    const { taskDefinition } = describeTaskDefinition('web:3') as {
      taskDefinition: { containerDefinitions: object[] };
    };
    expect(taskDefinition.containerDefinitions).toEqual([
      { name: 'app', image: `example/web@${opened?.images?.app}` },
    ]);
    // The copy is the rollback: it is watched, and no rollout of its own.
    expect(decisions('RolloutOpened').at(-1)?.rollbackOf).toBe(issued?.deployment);
  });

  it('is none where the policy lets no copy be registered, and the conclusion says why', async () => {
    const story = readStory('the-stack-cleaned-the-target-up');
    const { runs, decisions } = await play({ ...story, policy: { defaults: { restoreByCopy: false } } });
    expect(runs).toBe('web:2');
    expect(decisions('RolloutConcluded').at(-1)).toMatchObject({
      outcome: 'noSafeTarget',
      message: 'web:1 is INACTIVE, and the policy (restoreByCopy) lets no copy of it be registered',
    });
  });

  it('is a copy pinned to the images that ran where their tag has moved since', async () => {
    const containerDefinitions = [{ name: 'app', image: 'example/web:latest' }];
    const network = (group: string) => ({
      awsvpcConfiguration: { subnets: ['subnet-1'], securityGroups: [group] },
    });
    const service = { cluster: 'prod', serviceName: 'web', taskDefinition: 'web:1', desiredCount: 2 };
    const labels = { 'rewind.behaviour': 'crash', 'rewind.crash-after': '150' };
    const { runs, decisions } = await play({
      minutes: 60,
      calls: [
        { at: 0, op: 'CreateCluster', input: { clusterName: 'prod' } },
        { at: 0, op: 'RegisterTaskDefinition', input: { family: 'web', containerDefinitions } },
        { at: 0, op: 'CreateService', input: { ...service, networkConfiguration: network('sg-1') } },
        { at: 1200, push: { image: 'example/web:latest', labels } },
        {
          at: 1200,
          op: 'UpdateService',
          input: { cluster: 'prod', service: 'web', networkConfiguration: network('sg-2') },
        },
      ],
    });
    expect(runs).toBe('web:2');
    const [issued] = decisions('RollbackIssued');
    expect(issued).toMatchObject({ method: 'UpdateService', carriedOver: ['networkConfiguration'] });
    expect(issued?.target).toMatch(/web:1$/);
    expect(issued?.images).toEqual(decisions('RolloutOpened')[0]?.images);
  });
});
