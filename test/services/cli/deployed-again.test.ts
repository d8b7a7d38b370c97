import { createColors } from 'picocolors';
import { describe, expect, it } from 'vitest';
import { formatReplayDocument } from '../../../services/cli/replay/replay-document';
import { formatReplayText } from '../../../services/cli/replay/replay-text';
import { fullEventSentence, shortEventSentence } from '../../../services/sentences/event-sentence';
import type { RolloutOpened } from '../../../state-machines/log/decided-events';
import type { ObservedEvent } from '../../../state-machines/log/observed-events';
import { crashing, rolloutsOf } from '../../state-machines/judging';
import { observedService } from '../../state-machines/observed-service';
import { withDecisions } from '../../state-machines/situations';
import {
  completed,
  deploymentId,
  provenFirst,
  revision,
  running,
  second,
  started,
  updated,
} from '../../state-machines/story';
import { announced, crashLoop, makeVerdict, rolloutIn } from '../announcer/decisions';

const failedOnce = [
  ...provenFirst,
  started(2, 1000),
  ...crashing,
  started(1, 1100, true),
  completed(1, 1160),
];
const again = (number: number, at: number): ObservedEvent[] => [
  updated(number, at, 2),
  started(number, at + 1),
  running(`t${number}`, at + 20, { deployment: number, revision: 2 }),
];
const input = { read: 0, folded: 0, duplicates: 0, ignored: 0, invalid: 0 };

describe('a revision that failed here and is deployed again', () => {
  it('is told in a replay, for people and for tools', () => {
    const rollouts = rolloutsOf([...failedOnce, ...again(3, 2000)], { until: 2100 });
    expect(rollouts.map(({ hasFailedBefore }) => hasFailedBefore)).toEqual([false, false, false, true]);
    const text = [...formatReplayText({ input, rollouts }, createColors(false))].join('');
    expect(text.match(/ {2}again +web:2 failed here when it was last judged\n/g)).toHaveLength(1);
    const entries = JSON.parse(formatReplayDocument({ input, rollouts })).rollouts;
    expect(entries.map((entry: object) => 'hasFailedBefore' in entry)).toEqual([false, false, false, true]);
  });

  it('is not told once it has passed', () => {
    const passed = [...again(3, 2000), completed(3, 2060), ...again(4, 9000)];
    expect(rolloutsOf([...failedOnce, ...passed], { until: 9100 }).at(-1)).toMatchObject({
      taskDefinition: revision(2),
      hasFailedBefore: false,
    });
  });

  it('is recorded at its opening, whose sentence says so', () => {
    const observed = observedService({ lastSuccessful: revision(1), active: [revision(1)] });
    const before = withDecisions(failedOnce, { observed, now: second(1900) });
    const all = withDecisions([...before, ...again(3, 2000)], { observed, now: second(2050) });
    const openings = all.filter((event): event is RolloutOpened => event.type === 'RolloutOpened');
    const opening = openings.find(({ deployment }) => deployment === deploymentId(3));
    expect(opening).toMatchObject({ hasFailedBefore: true });
    const told = ', which failed here when it was last judged; web:1 is stable';
    expect(opening && fullEventSentence(opening)).toContain(`took the rollout up${told}`);
    expect(opening && shortEventSentence(opening, () => 'web:2')).toBe(`watches the rollout of web:2${told}`);
    expect(openings.filter(({ hasFailedBefore }) => hasFailedBefore)).toHaveLength(1);
  });

  it('is told to people with its next failed verdict', () => {
    const rollout = { ...rolloutIn(crashLoop), hasFailedBefore: true };
    expect(announced(makeVerdict(rollout)).detail.message).toContain(
      'the rollout of web:2 failed, as it did when it was last judged here: 2 of 2 starts failed',
    );
  });
});
