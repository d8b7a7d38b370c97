import { describe, expect, it } from 'vitest';
import { usersSentences } from '../../../../state-machines/rollout/measuring/damage';
import { played } from './played-story';

describe('a canary', { timeout: 120_000 }, () => {
  it('that errs on 2 % of its requests is found in its first or second step, and its damage is told', async () => {
    const { rollout, recorded, lines } = await played('canary');
    expect(rollout?.verdict).toMatchObject({ result: 'failed', reason: 'MetricDegraded' });
    expect((rollout?.verdict?.at ?? Infinity) - (rollout?.startedAt ?? 0)).toBeLessThan(15 * 60_000);
    expect(lines.join('\n')).toMatch(/five times as many are seen after about \d+ min/);
    const [conclusion] = recorded.flatMap(({ event }) =>
      event.type === 'RolloutConcluded' && event.outcome === 'rolledBack' ? [event] : [],
    );
    const [errors, slow, damage] = rollout === null ? [] : usersSentences(rollout);
    expect([errors, slow]).toEqual([
      expect.stringMatching(/^errors: .* ×/),
      expect.stringMatching(/^slow: /),
    ]);
    expect(damage).toMatch(/^of \d+ answers of the new version until/);
    expect(conclusion?.message).toMatch(/of \d+ answers of the new version until .*: errors \d+/);
  });

  it('R20 goes on through an incident of both versions, and passes', async () => {
    expect((await played('canary-incident')).rollout?.verdict).toMatchObject({ result: 'passed' });
  });

  it('R18 that nobody asks for anything is held, and that is said', async () => {
    const { rollout, lines } = await played('canary-without-users');
    expect(rollout?.verdict).toMatchObject({ result: 'inconclusive' });
    expect(lines.join('\n')).toContain('no request of the new version was counted');
  });
});
