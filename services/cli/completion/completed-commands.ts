import type { Command, Option } from 'commander';

/** A command as shells complete it. */
export interface CompletedCommand {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly CompletedOption[];
  /** Those of a group; empty for a command that does something itself. */
  readonly commands: readonly string[];
  readonly takes: 'services' | 'files' | 'nothing';
}

interface CompletedOption {
  readonly names: readonly string[];
  readonly summary: string;
  readonly hasValue: boolean;
}

/** Every command of the program, in the order of its help. */
export function completedCommands(program: Command): CompletedCommand[] {
  return program.commands.map((command) => {
    const [argument] = command.registeredArguments;
    return {
      name: command.name(),
      summary: command.summary(),
      options: [...command.options, ...command.commands.flatMap((each) => each.options)]
        .filter(({ hidden }) => !hidden)
        .filter((option, index, all) => all.findIndex(({ long }) => long === option.long) === index)
        .map(completedOption),
      commands: command.commands.map((each) => each.name()),
      takes: argument === undefined ? 'nothing' : argument.name() === 'SERVICE' ? 'services' : 'files',
    };
  });
}

function completedOption({ long, short, description, required, optional }: Option): CompletedOption {
  return {
    names: [long, short].filter((name) => name != null),
    summary: description,
    hasValue: required || optional,
  };
}
