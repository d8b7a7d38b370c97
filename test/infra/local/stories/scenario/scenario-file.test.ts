import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseScenario } from '../../../../../infra/local/stories/scenario/scenario-file';

const story = (...lines: string[]) =>
  ['about: a test', 'minutes: 10', 'services: [{ name: web }]', ...lines].join('\n');

describe('a scenario', () => {
  it('needs a sentence, a length and a service', () => {
    expect(parseScenario(story(), 'a.yml')).toMatchObject({
      about: 'a test',
      rewind: false,
      cluster: 'prod',
      services: [{ name: 'web', desiredCount: 3, behaviour: 'healthy' }],
      steps: [],
    });
  });

  it('takes times in seconds, minutes and hours', () => {
    const text = story(
      'steps:',
      ...['90s', '1.5m', '2h'].map((at) => `  - { at: ${at}, deploy: { service: web } }`),
    );
    expect(parseScenario(text, 'a.yml').steps.map(({ at }) => at)).toEqual([90, 90, 7200]);
  });
});

describe('the scenario in docs/scenarios/README.md', () => {
  it('holds only what a scenario can hold, and each kind of step', () => {
    const readme = readFileSync(new URL('../../../../../docs/scenarios/README.md', import.meta.url), 'utf8');
    const [, text = ''] = /```yaml\n([\s\S]*?)```/.exec(readme) ?? [];
    const { steps } = parseScenario(text, 'README.md');
    const kinds = steps.map(({ at: _, when: __, ...action }) => Object.keys(action)[0]);
    expect(kinds).toEqual([
      'deploy',
      'scale',
      'stop',
      'continue',
      'rollback',
      'alarm',
      'capacity',
      'interruptSpot',
      'loseHost',
      'disconnectAgent',
      'deploy',
    ]);
  });
});

describe('a scenario that is wrong', () => {
  it.each([
    ['is no YAML', 'about: [', /^a\.yml, line \d: this is not YAML/],
    [
      'lacks its length',
      'about: x\nservices: [{ name: web }]',
      /^a\.yml, line 1: minutes must be .*, and is missing$/,
    ],
    ['has an unknown key', story('speed: 3'), /^a\.yml, line 4: speed is not a key that a scenario has$/],
    [
      'has an unknown behaviour',
      story('steps:', '  - at: 1m', '    deploy:', '      service: web', '      behaviour: sleepy'),
      /^a\.yml, line 8: steps\[0\]\.deploy\.behaviour is not known: .*the simulator knows healthy, crash/,
    ],
    [
      'has a step of an unknown service',
      story('steps:', '  - at: 1m', '    scale: { service: shop, desiredCount: 2 }'),
      /^a\.yml, line 6: steps\[0\]\.scale\.service is shop, which is none of the services: web$/,
    ],
    [
      'has a step that does two things',
      story('steps:', '  - { at: 1m, capacity: none, stop: { service: web } }'),
      /^a\.yml, line 5: steps\[0\] must hold exactly one of deploy, /,
    ],
    [
      'has a step without a time',
      story('steps:', '  - { capacity: none }'),
      /^a\.yml, line 5: steps\[0\] must hold exactly one of at, when$/,
    ],
    [
      'has a step that waits for an unknown service',
      story('steps:', '  - { when: { stable: shop }, capacity: none }'),
      /^a\.yml, line 5: steps\[0\]\.when\.stable is shop, which is none of the services: web$/,
    ],
    [
      'ends with an unknown outcome',
      story('ends: { outcome: fine, runs: web:2 }'),
      /^a\.yml, line 4: ends\.outcome /,
    ],
    [
      'has a time without a unit',
      story('steps: [{ at: 10, capacity: none }]'),
      /line 4: steps\[0\]\.at must be a time such as/,
    ],
  ])('because it %s is refused in one sentence naming file, line and field', (_, text, sentence) => {
    expect(() => parseScenario(text, 'a.yml')).toThrow(sentence);
  });
});
