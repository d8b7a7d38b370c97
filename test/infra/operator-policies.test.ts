import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readSourceTree } from '../tidy/source-tree';
import { allowedActions, operatorPolicies, policyFile } from './operator-policies';

const { sources } = readSourceTree(fileURLToPath(new URL('../..', import.meta.url)));
/** Where operators' commands ask AWS. */
const adapters = sources.filter(({ file }) =>
  /^services\/(aws\/(ecs|operator|registry)|event-log)\//.test(file),
);
const code = adapters.map(({ text }) => text).join('\n');

/** That it suffices is seen wherever a test runs a command: test/services/cli/rewind-here.ts. */
describe('the policies for operators', () => {
  it.each(operatorPolicies)('R142 allow with %s nothing that no command calls', (policy) => {
    const neverCalled = allowedActions(policy).filter((action) => !isCalled(action));
    expect(neverCalled, `in ${policyFile(policy)}`).toEqual([]);
  });

  it('R142 let nobody change anything who looks or waits, and whoever acts look as well', () => {
    const reads = /:(BatchGet|Describe|Get|List|Query|Scan)/;
    const [look, wait, act] = operatorPolicies.map(allowedActions);
    expect([...(look ?? []), ...(wait ?? [])].filter((action) => !reads.test(action))).toEqual([]);
    expect(act).toEqual(expect.arrayContaining(look ?? ['none']));
    expect(look).toEqual(expect.arrayContaining(wait ?? ['none']));
  });
});

/** The document client's commands have names of their own; ECS asks whoever passes a role to it. */
function isCalled(action: string): boolean {
  const name = action.split(':')[1]?.replace(/ on index$/, '') ?? '';
  if (action === 'iam:PassRole') return isCalled('ecs:RegisterTaskDefinition');
  if (action === 'ecs:TagResource') return /\btags\b/.test(code);
  const names = [name, name.replace(/Item$/, '')];
  return names.some((each) => new RegExp(`\\b(${each}Command|paginate${each})\\(`).test(code));
}
