import type { CompletedCommand } from './completed-commands';

/** Pure. */
export function fishCompletion(commands: readonly CompletedCommand[]): string {
  return `# fish completion of rewind
function __rewind_services
    set -l cache $HOME/.cache
    set -q XDG_CACHE_HOME; and test -n "$XDG_CACHE_HOME"; and set cache $XDG_CACHE_HOME
    cat $cache/rewind/services 2>/dev/null
end
${['rewind', 'ecs-rewind'].flatMap((program) => completionsOf(program, commands)).join('\n')}
`;
}

function completionsOf(program: string, commands: readonly CompletedCommand[]): string[] {
  const verbs = commands.map(
    ({ name, summary }) =>
      `complete -c ${program} -f -n __fish_use_subcommand -a ${name} -d ${quoted(summary)}`,
  );
  const others = commands.flatMap(({ name, options, commands: inner, takes }) => {
    const head = `complete -c ${program} -n '__fish_seen_subcommand_from ${name}'`;
    const argument = {
      services: [`${head} -f -a '(__rewind_services)'`],
      files: [],
      nothing: [`${head} -f${inner.length === 0 ? '' : ` -a '${inner.join(' ')}'`}`],
    }[takes];
    return [...argument, ...options.map((option) => `${head} ${optionOf(option)}`)];
  });
  return [...verbs, ...others];
}

function optionOf({ names, summary, hasValue }: CompletedCommand['options'][number]): string {
  const flags = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
  return [...flags, ...(hasValue ? ['-r'] : []), '-d', quoted(summary)].join(' ');
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
