import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { noPolicyFile, parsePolicyFile } from '../../../services/policy/policy-file';
import { parseServiceArn, type ServiceArn } from '../../../state-machines/log/identifiers';
import { defaultPolicy } from '../../../state-machines/log/policy';

const web = service('prod/web');
const api = service('prod/api');
const stagingWeb = service('staging/web');

describe('a policy file', () => {
  it('manages every service under the default policy when it says nothing', () => {
    for (const file of [parsePolicyFile('', 'policy.yaml'), parsePolicyFile('{}', 'p.json'), noPolicyFile]) {
      expect(file.manages(web)).toBe(true);
      expect(file.policyFor(web)).toEqual(defaultPolicy);
    }
  });

  it('says the defaults in the example of docs/policy.md', () => {
    const page = readFileSync(new URL('../../../docs/policy.md', import.meta.url), 'utf8');
    const [, example = ''] = /```yaml\n(.*?)```/s.exec(page) ?? [];
    const file = parsePolicyFile(example, 'docs/policy.md');
    expect(file.policyFor(api)).toEqual(defaultPolicy);
    expect(file.policyFor(web)).toEqual({ ...defaultPolicy, bakeSeconds: 600, alarms: ['web-5xx'] });
  });

  it('manages what its globs match, and nothing else', () => {
    const file = parsePolicyFile('manage: ["prod/*", "*/cron"]', 'policy.yaml');
    expect([web, stagingWeb, service('dev/cron')].map(file.manages)).toEqual([true, false, true]);
    expect(parsePolicyFile('manage: []', 'policy.yaml').manages(web)).toBe(false);
    expect(parsePolicyFile('manage: ["*"]', 'policy.yaml').manages(web)).toBe(true);
  });

  it('applies every entry that matches, the later over the earlier, over the defaults', () => {
    const file = parsePolicyFile(
      `
defaults: { failurePercent: 50, bakeSeconds: 60 }
services:
  - match: "prod/*"
    failurePercent: 20
    alarms: [errors]
  - match: "*web"
    failurePercent: 25
`,
      'policy.yaml',
    );
    expect(file.policyFor(web)).toEqual({
      ...defaultPolicy,
      bakeSeconds: 60,
      failurePercent: 25,
      alarms: ['errors'],
    });
    expect(file.policyFor(api).failurePercent).toBe(20);
    expect(file.policyFor(service('dev/api')).failurePercent).toBe(50);
  });

  it('says by which role, and in which regions, the services of an account are reached', () => {
    const text = `
accounts:
  "444455556666":
    role: arn:aws:iam::444455556666:role/rewind-member
    externalId: a-shared-word
    regions: [eu-west-1, us-east-1]
  111122223333: { regions: [eu-central-1] }
`;
    const { accounts } = parsePolicyFile(text, 'policy.yaml');
    expect(accounts.get('444455556666')).toEqual({
      role: 'arn:aws:iam::444455556666:role/rewind-member',
      externalId: 'a-shared-word',
      regions: ['eu-west-1', 'us-east-1'],
    });
    expect(accounts.get('111122223333')).toEqual({ regions: ['eu-central-1'] });
    expect(noPolicyFile.accounts.size).toBe(0);
  });

  it('may be JSON, tabs and all', () => {
    const text = JSON.stringify({ manage: ['prod/*'], defaults: { mode: 'observe' } }, null, '\t');
    expect(parsePolicyFile(text, 'policy.json').policyFor(web).mode).toBe('observe');
  });

  it.each([
    ['mange: []', 'p.yaml, line 1: mange is not a key that Rewind knows'],
    [
      'defaults:\n  mode: enforce\n  bakeTime: 3',
      'p.yaml, line 3: defaults.bakeTime is not a key that Rewind knows',
    ],
    ['defaults:\n  mode: dryrun', 'p.yaml, line 2: defaults.mode must be enforce or observe'],
    [
      'defaults: { failurePercent: 101 }',
      'p.yaml, line 1: defaults.failurePercent must be a number from 0 to 100',
    ],
    [
      'defaults: { failurePercent: "10" }',
      'p.yaml, line 1: defaults.failurePercent must be a number from 0 to 100',
    ],
    [
      'defaults: { failurePercent: .nan }',
      'p.yaml, line 1: defaults.failurePercent must be a number from 0 to 100',
    ],
    [
      'defaults: { minimumFailures: 0 }',
      'p.yaml, line 1: defaults.minimumFailures must be a whole number of at least 1',
    ],
    [
      'defaults: { minimumFailures: 1.5 }',
      'p.yaml, line 1: defaults.minimumFailures must be a whole number of at least 1',
    ],
    [
      'defaults: { deadlineSeconds: 0 }',
      'p.yaml, line 1: defaults.deadlineSeconds must be a number from 1 to 2592000',
    ],
    [
      'defaults: { bakeSeconds: -1 }',
      'p.yaml, line 1: defaults.bakeSeconds must be a number from 0 to 86400',
    ],
    [
      'defaults: { rollbackBudget: 51 }',
      'p.yaml, line 1: defaults.rollbackBudget must be a whole number from 0 to 50',
    ],
    [
      'defaults: { rollbackBudget: -1 }',
      'p.yaml, line 1: defaults.rollbackBudget must be a whole number from 0 to 50',
    ],
    [
      'defaults: { alarms: web-5xx }',
      'p.yaml, line 1: defaults.alarms must be a list of alarm names or ARNs',
    ],
    [
      'defaults: {}\nservices:\n  - bakeSeconds: 5',
      'p.yaml, line 3: services[0].match must be a glob over cluster/service, and is missing',
    ],
    ['services:\n  - match: a\n    x: 1', 'p.yaml, line 3: services[0].x is not a key that Rewind knows'],
    ['services: {}', 'p.yaml, line 1: services must be a list of entries with match'],
    [
      'accounts:\n  "12": { regions: [eu-west-1] }',
      'p.yaml, line 2: accounts.12 must be an account id of twelve digits, in quotes',
    ],
    [
      'accounts:\n  "111122223333": { role: arn:aws:iam::111122223333:role/r }',
      'p.yaml, line 2: accounts.111122223333.regions must be a list of regions, and is missing',
    ],
    [
      'accounts: { "111122223333": { regions: [] } }',
      'p.yaml, line 1: accounts.111122223333.regions must name at least one region',
    ],
    [
      'accounts:\n  "111122223333":\n    role: rewind\n    regions: [eu-west-1]',
      'p.yaml, line 3: accounts.111122223333.role must be the ARN of a role',
    ],
    [
      'accounts:\n  "111122223333":\n    role: arn:aws:iam::444455556666:role/r\n    regions: [eu-west-1]',
      'p.yaml, line 3: accounts.111122223333.role must be a role of account 111122223333',
    ],
    ['- a', 'p.yaml, line 1: the file must hold the keys manage, defaults, services, accounts or tags'],
    ['defaults: {}\ndefaults: {}', 'p.yaml, line 2: this is neither YAML nor JSON: Map keys must be unique'],
    ['a: *b', 'p.yaml, line 1: Unresolved alias'],
  ])('is refused in one sentence with file, line and field: %j', (text, sentence) => {
    expect(() => parsePolicyFile(text, 'p.yaml')).toThrow(sentence);
  });
});

function service(path: string): ServiceArn {
  return parseServiceArn(`arn:aws:ecs:eu-west-1:111122223333:service/${path}`);
}

describe('tests of a policy', () => {
  const testsOf = (tests: string) =>
    parsePolicyFile(`defaults: { tests: ${tests} }`, 'p').policyFor(web).tests;

  it('wait at the test listener, once, if nothing else is said', () => {
    expect(testsOf('[{ name: smoke, task: { taskDefinition: web-smoke } }]')).toEqual([
      {
        name: 'smoke',
        at: 'POST_TEST_TRAFFIC_SHIFT',
        retries: 0,
        timeoutSeconds: 600,
        required: true,
        task: { taskDefinition: 'web-smoke' },
      },
    ]);
  });

  it.each([
    ['[{ name: a }]', 'must be run by one of task, lambda, http, answeredBy'],
    [
      '[{ name: a, answeredBy: ci, task: { taskDefinition: b } }]',
      'must be run by one of task, lambda, http, answeredBy',
    ],
    ['[{ name: a, answeredBy: ci }, { name: a, answeredBy: ci }]', 'must name each test once'],
    ['[{ name: a, answeredBy: ci, at: BAKE_TIME }]', 'must be of PRE_SCALE_UP'],
    ['[{ name: a, http: { url: "ftp://x" } }]', 'must be an address with http or https'],
    ['[{ name: a, lambda: { function: f }, timeoutSeconds: 60 }]', 'a longer test is a task'],
    ['[{ name: A b, answeredBy: ci }]', 'must be a name of up to 32 small letters'],
  ])('are refused where they mean nothing: %s', (tests, sentence) => {
    expect(() => testsOf(tests)).toThrow(sentence);
  });
});
