import { describe, expect, it } from 'vitest';
import { replayFieldCase, shortfalls } from '../fixtures/field/field-case';

const causes = [
  'sidecar-that-could-not-be-pulled',
  'init-container-fails',
  'out-of-memory-with-exit-code-zero',
] as const;

describe('the cause of a failed rollout', () => {
  it.each(causes)('is read to the bottom: %s', async (name) => {
    expect(shortfalls(await replayFieldCase(name))).toEqual([]);
  });
});
