import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parsePolicyFile } from '../../../services/policy/policy-file';
import { playHistory } from './histories/play-history';
import { judgeHistory } from './judges/judge-history';
import { otherJudges } from './judges/other-judges';
import { standingPolicies } from './judges/standing-policies';
import { readRecorded, verdictsIn } from './results/recorded-result';
import { ruleNames, verdictsPage } from './results/verdicts-page';
import { reasonsForWorse, worseKinds } from './results/worse-kinds';

const recorded = readRecorded();
const judges = standingPolicies.map(({ name, text }) => ({ name, policyFile: parsePolicyFile(text, name) }));

describe('docs/verdicts.md', { timeout: 120_000 }, () => {
  it('is what the recorded result makes', () => {
    const page = readFileSync(new URL('../../../docs/verdicts.md', import.meta.url), 'utf8');
    expect(page).toBe(verdictsPage(recorded));
  });

  it('says of each kind in which Rewind is worse than the default breaker why that is so', () => {
    const worse = worseKinds(recorded.tables.kinds, ruleNames.evidence).map(({ kind }) => kind);
    expect(worse.filter((kind) => reasonsForWorse[kind] === undefined)).toEqual([]);
  });

  it('tells of the verdicts of today, but for a few that rules have changed since', () => {
    const fresh = recorded.slice.map((cell) => verdictsIn(judgeHistory(playHistory(cell), judges)));
    const ofEcs = ({ failedAfter }: (typeof fresh)[number]) => failedAfter.slice(0, otherJudges.length);
    expect(fresh.map(ofEcs)).toEqual(recorded.slice.map(ofEcs));
    const hasFailed = ({ failedAfter }: (typeof fresh)[number]) => failedAfter.map((after) => after !== null);
    const told = recorded.slice.flatMap(hasFailed);
    const differing = fresh.flatMap(hasFailed).filter((failed, index) => failed !== told[index]);
    expect(differing.length).toBeLessThan(told.length / 20);
  });
});
