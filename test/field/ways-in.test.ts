import { describe, expect, it } from 'vitest';
import { replayFieldCase, shortfalls } from '../fixtures/field/field-case';

describe('what comes in from the field', () => {
  it.each([
    'task-sets-of-others',
    'one-click-rollback',
    'service-made-anew-under-its-name',
    'exported-from-logs-insights',
  ])('%s is judged as people expect', async (name) => {
    expect(shortfalls(await replayFieldCase(name))).toEqual([]);
  });
});
