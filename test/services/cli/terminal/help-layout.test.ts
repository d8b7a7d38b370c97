import { afterEach, describe, expect, it } from 'vitest';
import { fitHelp } from '../../../../services/cli/terminal/help-layout';
import { columnsOf } from '../../../../services/cli/terminal/text-layout';
import { runCaptured } from '../../../fixtures/captured-run';

const { isTTY, columns } = process.stdout;
afterEach(() => Object.assign(process.stdout, { isTTY, columns }));

describe('R134 a help on a narrow terminal', () => {
  it('continues the text of an option below that text, or below the option where there is no room', () => {
    Object.assign(process.stdout, { isTTY: true, columns: 60 });
    const option = '  --stage <STAGE>       the stage of Rewind that looks after them (REWIND_STAGE)';
    const command = '  gate [options] <SERVICE> <TEST> <RESULT>  answer a test that a gate waits for';
    expect(fitHelp(`${option}\n${command}`).split('\n')).toEqual([
      '  --stage <STAGE>       the stage of Rewind that looks after',
      '                        them (REWIND_STAGE)',
      '  gate [options] <SERVICE> <TEST> <RESULT>',
      '      answer a test that a gate waits for',
    ]);
  });

  it.each(['', 'status', 'backtest', 'deploy'])(
    'says each option in its own lines: rewind %s',
    async (verb) => {
      const { stdout } = await runCaptured([...(verb === '' ? [] : [verb]), '--help'], '', 60);
      const lines = stdout.split('\n');
      const options = lines.slice(
        lines.indexOf('Options:') + 1,
        lines.findIndex((line) => /^E\w+( codes)?:$/.test(line)),
      );
      const listed = options.filter((line) => /^ {2}[^ ]/.test(line));
      expect(listed.filter((line) => !/^ {2}(-|[a-z]+( [[<]|$| {2}))/.test(line))).toEqual([]);
      expect(lines.filter((line) => columnsOf(line) > 60)).toEqual([]);
    },
  );
});
