import { describe, expect, it } from 'vitest';
import { formatHelp, formatList, parseCommandLine } from '../../../../infra/local/stories/command-line';
import { readStories } from '../../../../infra/local/stories/scenario/story-folder';

const names = [
  'alarm',
  'canary',
  'canary-incident',
  'canary-without-users',
  'crash-in-bake',
  'crash-loop',
  'failing-health-check',
  'first-deployment',
  'gate-person-continues',
  'gate-person-stops',
  'gate-times-out',
  'gated-canary',
  'healthy',
  'kept-old-version',
  'native-rollback',
  'observe',
  'operator-rollback',
  'terraform',
  'tested-canary',
  'tests-fail',
  'unpullable-image',
];

describe('the command line of npm start', () => {
  it('plays the crash loop unless told otherwise', () => {
    expect(parseCommandLine([])).toEqual({ scenario: 'crash-loop', speed: 20, keep: false, verbose: false });
    expect(parseCommandLine(['--scenario', 'observe', '--speed', '50', '--keep', '--verbose'])).toEqual({
      scenario: 'observe',
      speed: 50,
      keep: true,
      verbose: true,
    });
  });

  it('lists every story that says how it ends, and so does its help', () => {
    expect([...readStories().keys()]).toEqual(names);
    for (const name of names) {
      expect(formatList()).toContain(name);
      expect(formatHelp()).toContain(name);
    }
    expect(parseCommandLine(['--list'])).toEqual({ show: 'list' });
    expect(parseCommandLine(['--help'])).toEqual({ show: 'help' });
  });

  it.each([
    [['--scenario', 'nope'], `there is no scenario "nope": choose one of ${names.join(', ')}`],
    [['--scenario', 'toString'], /^there is no scenario "toString"/],
    [['--speed', 'fast'], '--speed must be a number from 1 to 100, not "fast"'],
    [['--speed', '0'], '--speed must be a number from 1 to 100, not "0"'],
    [['--bogus'], "Unknown option '--bogus'; npm start -- --help tells what there is"],
    [['crash-loop'], /^Unexpected argument 'crash-loop'/],
  ])('refuses %j in one sentence, with the exit code for usage', (parameters, sentence) => {
    expect(() => parseCommandLine(parameters)).toThrow(sentence);
    expect(() => parseCommandLine(parameters)).toThrow(expect.objectContaining({ exitCode: 64 }));
  });
});
