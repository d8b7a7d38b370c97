import { describe, expect, it } from 'vitest';
import { parsePolicyFile } from '../../../services/policy/policy-file';

const notesOn = (text: string) => parsePolicyFile(text, 'p.yaml').notes;

describe('a policy file', () => {
  it('has no notes where its deadline covers what ECS has planned', () => {
    expect(notesOn('')).toEqual([]);
    expect(notesOn('defaults: { native: careful }')).toEqual([]);
    expect(
      notesOn('defaults: { deadlineSeconds: 5400, native: { strategy: LINEAR, bakeTimeInMinutes: 15 } }'),
    ).toEqual([]);
  });

  it('tells of a declared LINEAR shift that lasts longer than the deadline, with ECS’s own defaults', () => {
    expect(notesOn('defaults: { native: { strategy: LINEAR, bakeTimeInMinutes: 15 } }')).toEqual([
      expect.stringMatching(/^defaults: by its own plan ECS may wait 75 minutes .* deadlineSeconds \(3600\)/),
    ]);
  });

  it('tells of the entry whose bake lasts longer than the deadline of the defaults', () => {
    const entry = '{ match: "prod/web*", native: { bakeTimeInMinutes: 20 } }';
    expect(notesOn(`defaults: { deadlineSeconds: 1000 }\nservices: [${entry}]`)).toEqual([
      expect.stringMatching(/^prod\/web\*: by its own plan ECS may wait 20 minutes/),
    ]);
  });

  it('tells of a deadline that comes before tasks that hang are judged', () => {
    expect(notesOn('defaults: { deadlineSeconds: 600 }')).toEqual([
      'defaults: stallSeconds (900) is longer than deadlineSeconds (600): people hear that a deployment is late before tasks that hang are judged',
    ]);
  });

  it('tells of tests that no gate waits for', () => {
    const tests = 'tests: [{ name: contract, answeredBy: ci }]';
    expect(notesOn(`defaults: { gates: { stages: [POST_PRODUCTION_TRAFFIC_SHIFT] }, ${tests} }`)).toEqual([]);
    expect(notesOn(`services: [{ match: "prod/web", gates: { stages: [PRE_SCALE_UP] }, ${tests} }]`)).toEqual(
      [
        'prod/web: no gate waits for the tests contract: gates name no stage at which, or after which, they run',
      ],
    );
  });
});
