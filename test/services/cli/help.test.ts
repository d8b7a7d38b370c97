import { describe, it } from 'vitest';
import { operatorActions } from '../../../state-machines/log/operator/operator-act';
import { rewindHere } from './rewind-here';

/** Every command, and the exit codes that its help promises. */
const commands: readonly (readonly [command: string, codes: readonly number[]])[] = [
  ['replay', [0, 64, 65, 66, 69, 78]],
  ['backtest', [0, 64, 65, 66, 69, 78]],
  ['analyse', [0, 1, 64, 66, 69, 77, 78]],
  ['simulate', [0, 1, 64, 65, 66, 69]],
  ['guard plan', [0, 2, 64, 66, 69, 78]],
  ['guard apply', [0, 2, 64, 66, 69, 78]],
  ['guard undo', [0, 2, 64, 66, 69, 78]],
  ['doctor', [0, 1, 64, 69, 77]],
  ['export', [0, 64, 65, 66, 69]],
  ['audit', [0, 1, 64, 65, 66, 69]],
  ['rollback', [0, 1, 2, 64, 65, 66, 69, 77]],
  ['forgive', [0, 2, 64, 66, 69, 77]],
  ['condemn', [0, 2, 64, 66, 69, 77]],
  ['freeze', [0, 1, 2, 64, 66, 69, 77]],
  ['unfreeze', [0, 2, 64, 66, 69, 77]],
  ['deploy', [0, 1, 2, 64, 65, 66, 69, 77]],
  ['retry', [0, 2, 64, 65, 66, 69, 77]],
  ['abort', [0, 2, 64, 65, 66, 69, 77]],
  ['promote', [0, 1, 2, 64, 65, 66, 69, 77]],
  ['gate', [0, 2, 64, 65, 66, 69, 77]],
  ['pause', [0, 2, 64, 65, 66, 69, 77]],
  ['resume', [0, 2, 64, 65, 66, 69, 77]],
  ['stop', [0, 2, 64, 66, 69, 77]],
  ['start', [0, 2, 64, 66, 69, 77]],
  ['status', [0, 3, 64, 66, 69, 77]],
  ['history', [0, 64, 66, 69, 77]],
  ['watch', [0, 1, 3, 4, 5, 64, 66, 69, 77, 130]],
  ['diff', [0, 2, 64, 65, 66, 69, 77]],
  ['open', [0, 64, 66, 69, 77]],
  ['completion', [0, 64]],
  ['wait', [0, 1, 3, 4, 5, 7, 64, 66, 69, 77, 124, 130]],
];

/** What people look at services with; each act has its command as well. */
const looking: ReadonlySet<string> = new Set([
  'status',
  'history',
  'watch',
  'diff',
  'open',
  'wait',
  'analyse',
]);
const acting: ReadonlySet<string> = new Set(operatorActions);

function folderOf(command: string): string {
  if (acting.has(command)) return 'help/acts';
  return looking.has(command) ? 'help/operator' : 'help';
}

/** Lines of a paragraph on which the next word had room. */
function linesBrokenEarly(help: string): string[] {
  const lines = help.split('\n');
  return lines.filter((line, index) => {
    const next = /^\S+/.exec(lines[index + 1] ?? '')?.[0];
    return /^\S/.test(line) && next !== undefined && line.length + 1 + next.length <= 100;
  });
}

describe('the help', { concurrent: true }, () => {
  it.for(commands)('of rewind %s fits the screen and says every exit code', async (asked, { expect }) => {
    const [command, codes] = asked;
    const { code, stdout, stderr } = await rewindHere([...command.split(' '), '--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [, said = ''] = stdout.split('\nExit codes:\n');
    expect([...said.matchAll(/^ {2}(\d+) /gm)].map(([, each]) => Number(each))).toEqual(codes);
    const [, examples = ''] = stdout.split('\nExamples:\n');
    expect(examples.split('\n\n')[0], 'S19').toContain(`rewind ${command}`);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(linesBrokenEarly(stdout)).toEqual([]);
    await expect(stdout).toMatchFileSnapshot(`${folderOf(command)}/${command.replace(' ', '-')}.txt`);
  });

  it('of rewind itself names every command', async ({ expect }) => {
    const [all, guard] = await Promise.all([rewindHere(['--help']), rewindHere(['guard', '--help'])]);
    const names = (help: string) => [...help.matchAll(/^ {2}(\w+) \[options\]/gm)].map(([, name]) => name);
    expect([all.code, guard.code]).toEqual([0, 0]);
    expect([...names(all.stdout), ...names(guard.stdout).map((name) => `guard ${name}`)]).toEqual(
      expect.arrayContaining(commands.map(([command]) => command)),
    );
    await expect(all.stdout).toMatchFileSnapshot('help/rewind.txt');
    await expect(guard.stdout).toMatchFileSnapshot('help/guard.txt');
  });
});
