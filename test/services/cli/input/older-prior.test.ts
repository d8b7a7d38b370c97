import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { rewindHere } from '../rewind-here';

/** Recorded when a service without a past was held to 0.3 failed of 12.3 starts. */
const log = fileURLToPath(
  new URL('../../../fixtures/earlier-logs/older-evidence-prior.jsonl', import.meta.url),
);

describe('a log whose evidence was weighed against an older prior', () => {
  it('is confirmed but for the verdict, which is named as made under earlier rules, and ends with 0', async () => {
    expect(readFileSync(log, 'utf8')).toContain('75 times likelier if the release is bad');
    const { code, stdout, stderr } = await rewindHere(['audit', '--verify', '--all', '--from', log]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/VerdictReached cannot be told: it was made by reducer 7; this Rewind has \d+\n/);
    expect(stdout).toMatch(/\n1 service, 13 decisions: 12 confirmed, 1 that cannot be told\n$/);
  });
});
