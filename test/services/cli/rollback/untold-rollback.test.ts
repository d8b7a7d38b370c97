import { createColors } from 'picocolors';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Notification } from '../../../../infra/ecs-simulator/src/ecs-simulator';
import { formatReplayDocument } from '../../../../services/cli/replay/replay-document';
import { formatReplayText } from '../../../../services/cli/replay/replay-text';
import { indexEntry } from '../../../../services/cli/report/rollout-detail';
import { fullEventSentence, shortEventSentence } from '../../../../services/sentences/event-sentence';
import type { ObservedEvent } from '../../../../state-machines/log/observed-events';
import { rolloutsOf } from '../../../state-machines/judging';
import { completed, provenFirst, running, started, stopped } from '../../../state-machines/story';
import { service } from '../../reconciler/worlds/rewind-at-work';
import { OperatedAccount } from '../operator/operated-account';

const crashes = ['b1', 'b2'].flatMap((task) => [
  running(task, 5020, { deployment: 1 }),
  stopped(task, 5040, { deployment: 1, ranFrom: 5020 }),
]);

describe('a rollback by ECS, where nobody has told of what it takes back,', () => {
  it('is called a rollback in a replay and in its report', () => {
    const rollouts = rolloutsOf([...provenFirst, started(1, 5000, true), completed(1, 5030), ...crashes]);
    const input = { read: 0, folded: 0, duplicates: 0, ignored: 0, invalid: 0 };
    const text = [...formatReplayText({ input, rollouts }, createColors(false))].join('');
    expect(text.match(/^prod\/web to web:1.*?(?= {2})/gm)).toEqual([
      'prod/web to web:1',
      'prod/web to web:1, a rollback',
    ]);
    expect(rollouts.map((rollout) => indexEntry(rollout).isRollback)).toEqual([false, true]);
    const entries = JSON.parse(formatReplayDocument({ input, rollouts })).rollouts;
    expect(entries.map(({ rollbackOf }: { rollbackOf: string | null }) => rollbackOf)).toEqual([null, null]);
    expect(entries.map((entry: object) => 'isGoingBack' in entry)).toEqual([false, false]);
  });
});

describe('a service that ECS has taken back from a deployment of which no notification came', () => {
  let account: OperatedAccount;
  let first = '';
  /** Nothing that names the second revision or its deployment arrives. */
  const isOfAnother = ({ detail }: Notification) =>
    [detail.deploymentId, detail.startedBy].some((id) => typeof id === 'string' && id !== first) ||
    JSON.stringify(detail).includes('web:2');
  beforeAll(async () => {
    account = await OperatedAccount.start(7, {
      delaysOf: (notification) => (first !== '' && isOfAnother(notification) ? [] : [0]),
    });
    const { world } = account;
    first = world.primary().id;
    await world.deployBad({ crashes: 'at once', breaker: 'rolls back' });
    await world.passUntil(() => world.nativeRollbacks > 0);
    // Not even a stopped task tells of it by then.
    world.clock.advanceBy(7200);
    await world.settle();
  }, 60_000);
  afterAll(() => account?.stop());

  it('is told to have gone back, by ECS or Rewind, and nothing is known that could be tried again', async () => {
    const { stdout } = await account.rewindAtOnce('history prod/web');
    const [, newest] = stdout.split('\n');
    expect(newest).toMatch(/web:1 +✔ proven, a way back .*ECS or Rewind/);
    const status = await account.rewindAtOnce('status prod/web');
    expect(status.stdout).toMatch(
      /by +ECS or Rewind\n.* took back +a deployment of which nobody has told\n/s,
    );
    expect(await account.rewindAtOnce('retry prod/web --dry-run')).toMatchObject({ code: 65 });
  });

  it('is recorded as a rollback in the sentences of its opening', async () => {
    const [, opening] = await account.world.decisions('RolloutOpened');
    if (opening === undefined) throw new Error('it was not opened');
    expect(opening).toMatchObject({ rollbackOf: null, isGoingBack: true });
    expect(shortEventSentence(opening, () => 'web:1')).toBe('watches the rollback to web:1');
    expect(fullEventSentence(opening)).toContain('took the rollback up');
  });

  it('is not retried where its tasks fail: that was taken back by nobody', async () => {
    const { world } = account;
    const at = world.clock.now();
    const back: ObservedEvent[] = [
      started(1, 0, true),
      ...['b1', 'b2'].map((task) => stopped(task, 1, { deployment: 1 })),
    ];
    for (const [index, event] of back.entries()) {
      const told = { ...event, service, occurredAt: at, deployment: first, id: `${index}-again` };
      const ofTask = event.type === 'TaskChanged' ? { taskDefinition: world.stable } : {};
      const recorded = { ...told, ...ofTask } as ObservedEvent;
      await world.log.append({ event: recorded, recordedAt: at, notification: null });
    }
    await world.settle();
    const verdicts = await world.decisions('VerdictReached');
    expect(verdicts.at(-1)?.verdict.result).toBe('failed');
    expect(await account.rewindAtOnce('retry prod/web --dry-run')).toMatchObject({ code: 65 });
    const { stdout } = await account.rewindAtOnce('audit prod/web');
    expect(stdout).not.toContain('a rollback');
  });
});
