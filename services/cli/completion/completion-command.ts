import { Argument, type Command } from 'commander';
import { exitCode } from '../terminal/exit-code';
import { printText } from '../terminal/streams/standard-output';
import { bashCompletion } from './bash-completion';
import { completedCommands } from './completed-commands';
import { fishCompletion } from './fish-completion';
import { zshCompletion } from './zsh-completion';

const description = `Write a script by which a shell completes commands, options and services. Services are those that the
last command has listed: neither AWS nor Node is asked while you type.`;

const help = `
Examples:
  bash: rewind completion bash > ~/.local/share/bash-completion/completions/rewind
  zsh:  rewind completion zsh > "\${fpath[1]}/_rewind"
  fish: rewind completion fish > ~/.config/fish/completions/rewind.fish

Exit codes:
  0   done
  64  the command line is wrong`;

const shells = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const;

/** Adds `rewind completion` to the program. */
export function addCompletionCommand(program: Command): void {
  program
    .command('completion')
    .description(description)
    .addArgument(new Argument('<SHELL>', 'whose script').choices(Object.keys(shells)))
    .addHelpText('after', help)
    .action(async (shell: keyof typeof shells) => {
      await printText([shells[shell](completedCommands(program))]);
      process.exitCode = exitCode.done;
    });
}
