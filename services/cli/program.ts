import { Command, CommanderError } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import { addAuditCommand } from './audit/audit-command';
import { addBacktestCommand } from './backtest/backtest-command';
import { addDoctorCommand } from './doctor/doctor-command';
import { addExportCommand } from './export/export-command';
import { addGuardCommand } from './guard/guard-command';
import { addReplayCommand } from './replay/replay-command';
import { addSimulateCommand } from './simulate/simulate-command';
import { CommandError, exitCode } from './terminal/exit-code';
import { terminalText } from './terminal/streams/safe-text';
import { say } from './terminal/streams/standard-error';

/** Does what the command line asks for, and sets the exit code of this process. Never throws. */
export async function runProgram(parameters: readonly string[]): Promise<void> {
  const program = new Command('rewind')
    .description(manifest.description)
    .version(manifest.version)
    .helpCommand(false)
    // The same text everywhere: the README quotes it.
    .configureHelp({ helpWidth: 100 })
    .configureOutput({
      writeOut: (text) => process.stdout.write(terminalText(text)),
      writeErr: (text) => process.stderr.write(terminalText(text)),
    })
    .exitOverride();
  addReplayCommand(program);
  addBacktestCommand(program);
  addSimulateCommand(program);
  addGuardCommand(program);
  addDoctorCommand(program);
  addExportCommand(program);
  addAuditCommand(program);
  try {
    await program.parseAsync(parameters, { from: 'user' });
  } catch (error) {
    process.exitCode = exitCodeOf(error);
  }
}

function exitCodeOf(error: unknown): number {
  // Commander has printed its own sentence, or the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.done : exitCode.usage;
  if (error instanceof CommandError) {
    say(error.message);
    for (const line of error.list) say(`  ${line}`);
    return error.exitCode;
  }
  const { stack = String(error) } = Object(error) as Error;
  process.stderr.write(`${terminalText(stack)}\n`);
  return exitCode.software;
}
