import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { History } from '../../../../services/cli/input/history';
import { replayHistory } from '../../../../services/cli/replay/replay-history';
import { KeptNotifications } from '../../../../services/cli/report/kept-notifications';
import type { TimelineEntry } from '../../../../services/cli/report/report-data';
import { RolloutTraces } from '../../../../services/cli/report/rollout-trace';
import { timelineOf } from '../../../../services/cli/report/timeline-entries';
import { noPolicyFile, type PolicyFile, parsePolicyFile } from '../../../../services/policy/policy-file';
import type { RewindEvent } from '../../../../state-machines/log/events';
import { instantFrom } from '../../../../state-machines/log/instant';
import { defaultPolicy } from '../../../../state-machines/log/policy';
import { isFailure } from '../../../../state-machines/log/stopped-task';
import { replay } from '../../../../state-machines/replay/replay';
import { deliver } from '../../../fixtures/histories/generate';
import { history } from '../../../fixtures/histories/history';
import { arbitraryStory } from '../../../state-machines/arbitrary-story';
import { crashing } from '../../../state-machines/judging';
import { observedDeployment, observedService } from '../../../state-machines/observed-service';
import { withDecisions } from '../../../state-machines/situations';
import {
  completed,
  failed,
  provenFirst,
  revision,
  running,
  second,
  started,
} from '../../../state-machines/story';
import { interleave } from '../../reconciler/worlds/interleaving';
import { service as inLog } from '../../reconciler/worlds/rewind-at-work';

describe('the trace of a rollout', () => {
  describe.each([1, 2, 3])('of a shuffled history that was delivered in part twice (seed %i)', (seed) => {
    const { lines } = history({ services: 20, rollouts: 3, badPercent: 30, lines: 4000, seed });
    const { rollouts, traces, notifications } = traced(
      deliver(lines, { seed, isShuffled: true, duplicateEvery: 3 }),
    );

    it('ends with the evidence that the verdict was reached by', () => {
      for (const rollout of rollouts) {
        const { started, ran, failed } = rollout.evidence;
        const last = traces.of(rollout).evidence.at(-1);
        expect(last ?? { started: 0, ran: 0, failed: 0 }).toMatchObject({ started, ran, failed });
      }
    });

    it('has a lane for every started task, of the class that was counted', () => {
      for (const rollout of rollouts) {
        const tasks = traces.of(rollout).tasks();
        expect(tasks).toHaveLength(rollout.evidence.started);
        const failed = tasks.filter(({ taskClass }) => taskClass !== null && isFailure(taskClass));
        expect(failed).toHaveLength(rollout.evidence.failed);
      }
    });

    it('tips over the threshold at the very event that the verdict names', () => {
      const judged = rollouts.filter(({ verdict }) => verdict?.message.includes('times likelier'));
      expect(judged.length).toBeGreaterThan(5);
      for (const rollout of judged) {
        const { evidence, events } = traces.of(rollout);
        const { evidenceRatio, minimumFailures } = rollout.policy;
        const tipping = evidence.find(
          ({ failed, ratio }) => failed >= minimumFailures && (ratio ?? 0) >= evidenceRatio,
        );
        expect(tipping?.at).toBe(rollout.verdict?.at);
        expect(events.some(({ id }) => id === rollout.verdict?.eventId)).toBe(true);
      }
    });

    it('has the notification behind every event, as it arrived', () => {
      const arrived = new Map(lines.map((line) => [JSON.parse(line).id, line]));
      const events = rollouts.flatMap((rollout) => traces.of(rollout).events);
      expect(events.length).toBeGreaterThan(1000);
      for (const event of events) expect(notifications.jsonOf(event)).toBe(arrived.get(event.id));
    });

    it('numbers its turning points in order, each beside the event that caused it', () => {
      for (const rollout of rollouts) {
        const { events } = traces.of(rollout);
        const marked = timelineOf(rollout, events).filter(({ mark }) => mark !== null);
        expect(marked.map(({ mark }) => mark)).toEqual(marked.map((_, index) => index + 1));
        const verdict = marked.find(({ text }) => text.startsWith('verdict'));
        if (rollout.verdict?.reason !== 'TaskFailures') continue;
        expect(events[verdict?.event ?? -1]?.id).toBe(rollout.verdict.eventId);
      }
    });
  });
});

describe('the trace of any rollout', () => {
  it('ends with its evidence, task by task, whatever story is told', () => {
    fc.assert(fc.property(arbitraryStory, (story) => void expectTruthful(story)));
  });

  it('does so where a task is first told of when the probation of its rollout is over', () => {
    const deployment = { deployment: 1 };
    expectTruthful([completed(1, 0), running('a2', 7, deployment), running('a1', 4419, deployment)]);
  });

  it('does so where one event opens a rollout and ends it, and a task of it ran before', () => {
    expectTruthful([running('a1', 10, { deployment: 2 }), failed(1, 20), failed(2, 20)]);
  });

  it('does so in a log that racing, dying and late reconcilers wrote, whose decisions are lines of what happened', async () => {
    for (const seed of [1, 2, 3]) {
      const { world } = await interleave({ seed });
      const events: RewindEvent[] = [];
      for await (const { event } of world.log.read(inLog, null)) events.push(event);
      const entries = expectTruthful(events);
      const verdicts = entries.filter(({ text, who }) => text.startsWith('verdict') && who === 'Rewind');
      expect(verdicts).toHaveLength(events.filter(({ type }) => type === 'VerdictReached').length);
      expect(verdicts.length).toBeGreaterThan(0);
    }
  });
});

/** Follows a replay of one service's events; returns what happened in all of its rollouts. */
function expectTruthful(events: readonly RewindEvent[]): TimelineEntry[] {
  const traces = new RolloutTraces();
  const rollouts = replay(events, {
    policy: { ...defaultPolicy, alarms: ['errors'] },
    until: instantFrom(Number.MAX_SAFE_INTEGER / 1e4),
    follow: (folded) => traces.follow(folded),
  });
  return rollouts.flatMap((rollout) => {
    const trace = traces.of(rollout);
    const { started, ran, failed, byClass } = rollout.evidence;
    const last = trace.evidence.at(-1) ?? { started: 0, ran: 0, failed: 0 };
    expect(last).toMatchObject({ started, ran, failed });
    const tasks = trace.tasks();
    expect(tasks).toHaveLength(started);
    const counted: { [taskClass: string]: number } = {};
    for (const { taskClass } of tasks)
      if (taskClass !== null) counted[taskClass] = (counted[taskClass] ?? 0) + 1;
    expect(counted).toEqual(byClass);
    return timelineOf(rollout, trace.events);
  });
}

describe('what happened to a rollout', () => {
  const { lines } = history({ services: 1, rollouts: 1, badPercent: 0, lines: 20, seed: 1 });
  const envelope = JSON.parse(lines.find((line) => line.includes('SERVICE_DEPLOYMENT_COMPLETED')) ?? '');
  const at = (seconds: number) =>
    new Date(Date.parse(envelope.detail.updatedAt) + seconds * 1000).toISOString();

  it('holds an alarm with its notification', () => {
    const alarm = alarmNotification(envelope, at(10));
    const { rollouts, traces, notifications } = traced(
      [...lines, alarm],
      parsePolicyFile('defaults: { alarms: [web-5xx] }', 'policy.yml'),
    );
    const [rollout] = rollouts;
    if (rollout === undefined) throw new Error('no rollout');
    const { events } = traces.of(rollout);
    const told = timelineOf(rollout, events).find(({ who }) => who === 'CloudWatch');
    expect(told?.text).toBe('alarm web-5xx went from OK to ALARM');
    const event = events[told?.event ?? -1];
    expect(event && notifications.jsonOf(event)).toBe(alarm);
  });

  it('tells what is told many times in a row once, with how often', () => {
    const trouble = [1, 2, 3].map((seconds) =>
      impairment(envelope, { at: at(seconds), id: `trouble-${seconds}` }),
    );
    const { rollouts, traces } = traced([...lines, ...trouble]);
    const texts = rollouts
      .flatMap((rollout) => timelineOf(rollout, traces.of(rollout).events))
      .map(({ text }) => text);
    expect(texts.filter((text) => text.startsWith('SERVICE_TASK_PLACEMENT_FAILURE'))).toEqual([
      'SERVICE_TASK_PLACEMENT_FAILURE: RESOURCE:CPU (3 times in a row)',
    ]);
  });
});

it('every attempt at a rollback stands where it was made, and the last one is the turning point', () => {
  const observed = observedService({
    deployments: [observedDeployment(2, { rolloutState: 'IN_PROGRESS', runningCount: 0 })],
    inProgress: { arn: 'service-deployment' },
    lastSuccessful: revision(1),
    active: [revision(1), revision(2)],
  });
  const decidedAt = (events: readonly RewindEvent[], seconds: number) =>
    withDecisions(events, { observed, now: second(seconds), policy: defaultPolicy });
  const once = decidedAt([...decidedAt(provenFirst, 400), started(2, 1000), ...crashing], 1050);
  const attempts = decidedAt(once, 1200).filter(({ type }) => type === 'RollbackRequested');
  const entries = expectTruthful(decidedAt(once, 1200)).filter(
    ({ text }) => text.startsWith('verdict failed') || text.startsWith('requests the rollback'),
  );
  expect(attempts).toHaveLength(2);
  expect(entries.map(({ at, mark }) => [at, mark])).toEqual([
    [second(1045), 2],
    [second(1050), null],
    [second(1200), 3],
  ]);
});

interface Envelope {
  readonly id: string;
  readonly time: string;
  readonly account: string;
  readonly region: string;
  readonly detail: object;
}

/**
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
 */
function alarmNotification({ account, region }: Envelope, time: string): string {
  const state = (value: string) => ({ value, reason: 'Threshold Crossed', timestamp: time });
  return JSON.stringify({
    version: '0',
    id: 'alarm-1',
    'detail-type': 'CloudWatch Alarm State Change',
    source: 'aws.cloudwatch',
    account,
    time,
    region,
    resources: [`arn:aws:cloudwatch:${region}:${account}:alarm:web-5xx`],
    detail: { alarmName: 'web-5xx', state: state('ALARM'), previousState: state('OK') },
  });
}

function impairment(envelope: Envelope, { at, id }: { at: string; id: string }): string {
  const { clusterArn } = envelope.detail as { readonly clusterArn: string };
  const eventName = 'SERVICE_TASK_PLACEMENT_FAILURE';
  const detail = { eventType: 'ERROR', eventName, clusterArn, reason: 'RESOURCE:CPU', createdAt: at };
  return JSON.stringify({ ...envelope, id, time: at, 'detail-type': 'ECS Service Action', detail });
}

function traced(lines: readonly string[], policyFile: PolicyFile = noPolicyFile) {
  const notifications = new KeptNotifications();
  const traces = new RolloutTraces();
  const read = new History({
    policyFile,
    leavesOutDecisions: false,
    asOf: null,
    keep: (event, value) => notifications.keep(event, value),
  });
  for (const line of lines) expect(read.take(JSON.parse(line))).toBeNull();
  return {
    notifications,
    traces,
    rollouts: replayHistory(read, policyFile, (folded) => traces.follow(folded)),
  };
}
