import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { playAll, whoDoesWhatPage } from '../../../infra/docs/who-does-what-page';

const textOf = (file: string) => readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8');

describe('the tables of who does what', () => {
  let played: Awaited<ReturnType<typeof playAll>>;
  beforeAll(async () => {
    played = await playAll();
  }, 120_000);

  it('are what a fresh run of every combination gives', () => {
    expect(whoDoesWhatPage(played), 'run `npm run docs`').toBe(textOf('docs/who-does-what.md'));
  });

  it('show nothing left bad where Rewind enforces, and one rollback at most', () => {
    expect(played).toHaveLength(63);
    for (const { failure, protection, enforced } of played) {
      expect(enforced, `${failure}, ${protection}`).toMatchObject({
        runs: 'web:1 COMPLETED',
        outcome: 'rolledBack',
        isAdopted: enforced.takenBackBy !== 'Rewind',
        writes: enforced.takenBackBy === 'Rewind' ? 1 : 0,
      });
    }
  });

  it('show both at work', () => {
    expect(new Set(played.map(({ enforced }) => enforced.takenBackBy))).toEqual(
      new Set(['Rewind', 'ECS, circuit breaker']),
    );
  });

  it('show a rollback by ECS wherever it can, and no write of Rewind, where Rewind only observes', () => {
    expect(played.filter(({ observed }) => observed.writes > 0)).toEqual([]);
    const byEcs = played.filter(({ observed }) => observed.takenBackBy !== 'nobody');
    expect(byEcs.every(({ protection }) => protection.endsWith('with rollback'))).toBe(true);
    expect(byEcs.length).toBeGreaterThan(10);
  });
});
