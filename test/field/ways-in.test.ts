import { describe, expect, it } from 'vitest';
import { replayFieldCase, shortfalls } from '../fixtures/field/field-case';

describe('what comes in from the field', () => {
  it.each([
    'task-sets-of-others',
    'one-click-rollback',
    'service-made-anew-under-its-name',
    'exported-from-logs-insights',
    'log-group-of-container-insights',
  ])('%s is judged as people expect', async (name) => {
    expect(shortfalls(await replayFieldCase(name))).toEqual([]);
  });

  it('without deployment events says from what its rollouts are built, or what is missing', async () => {
    const { sentences } = await replayFieldCase('log-group-of-container-insights');
    expect(sentences).toEqual([
      'there is no "ECS Deployment State Change" of prod/web: the rollouts are built from the startedBy of tasks',
    ]);
    const others = await replayFieldCase('task-sets-of-others');
    expect(others.sentences).toEqual([expect.stringContaining('prod/ext, prod/cdp')]);
  });
});
