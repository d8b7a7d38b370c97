import { describe, expect, it } from 'vitest';
import { faultsOf } from '../../../../infra/local/stories/ending';
import { readStory } from '../../../../infra/local/stories/scenario/story-folder';
import { runSimulation } from '../../../../infra/local/stories/simulation';
import { parsePolicyFile } from '../../../../services/policy/policy-file';
import { usersSentences } from '../../../../state-machines/rollout/measuring/damage';

/** Plays a story in process, and says how it went. */
async function played(name: string) {
  const story = readStory(name);
  const lines: string[] = [];
  const { result } = await runSimulation({
    scenario: story,
    seed: story.seed,
    rewind: parsePolicyFile(JSON.stringify(story.policy), name),
    speed: null,
    print: (line) => lines.push(line),
    deliver: () => {},
  });
  expect(faultsOf(result, story.ends)).toEqual([]);
  return {
    verdict: result.rollout?.verdict ?? null,
    startedAt: result.rollout?.startedAt ?? 0,
    lines,
    result,
  };
}

describe('a canary', { timeout: 120_000 }, () => {
  it('that errs on 2 % of its requests is found in its first or second step, and its damage is told', async () => {
    const { verdict, startedAt, lines, result } = await played('canary');
    expect(verdict).toMatchObject({ result: 'failed', reason: 'MetricDegraded' });
    expect((verdict?.at ?? 0) - startedAt).toBeLessThan(15 * 60_000);
    expect(lines.join('\n')).toMatch(/five times as many are seen after about \d+ min/);
    const [conclusion] = result.recorded.flatMap(({ event }) =>
      event.type === 'RolloutConcluded' && event.outcome === 'rolledBack' ? [event] : [],
    );
    const [errors, slow, damage] = result.rollout === null ? [] : usersSentences(result.rollout);
    expect([errors, slow]).toEqual([
      expect.stringMatching(/^errors: .* ×/),
      expect.stringMatching(/^slow: /),
    ]);
    expect(damage).toMatch(/^of \d+ answers of the new version until/);
    expect(conclusion?.message).toMatch(/of \d+ answers of the new version until .*: errors \d+/);
  });

  it('R20 goes on through an incident of both versions, and passes', async () => {
    expect((await played('canary-incident')).verdict).toMatchObject({ result: 'passed' });
  });

  it('R18 that nobody asks for anything is held, and that is said', async () => {
    const { verdict, lines } = await played('canary-without-users');
    expect(verdict).toMatchObject({ result: 'inconclusive' });
    expect(lines.join('\n')).toContain('no request of the new version was counted');
  });
});
