import type { CompletedCommand } from './completed-commands';

/** Of the services that were listed last; see listed-services.ts. */
const listed = `"\${XDG_CACHE_HOME:-$HOME/.cache}/rewind/services"`;

/** Works without the package bash-completion, and in the bash 3.2 of macOS. Pure. */
export function bashCompletion(commands: readonly CompletedCommand[]): string {
  const words = (texts: readonly string[]) => texts.join(' ');
  const cases = commands.map(({ name, options, commands: inner, takes }) => {
    const withValue = options.filter(({ hasValue }) => hasValue).flatMap(({ names }) => names);
    const all = options.flatMap(({ names }) => names);
    return `    ${name}) options='${words([...all, '--help'])}'; valued=' ${words(withValue)} '; inner='${words(inner)}'; takes=${takes} ;;`;
  });
  return `# bash completion of rewind
_rewind() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]}
  local options='' valued='' inner='' takes=nothing
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W '${words(commands.map(({ name }) => name))} --help --version' -- "$word"))
    return
  fi
  case \${COMP_WORDS[1]} in
${cases.join('\n')}
  esac
  case $valued in
    *" $before "*)
      [ "$before" = --format ] && COMPREPLY=($(compgen -W 'text json' -- "$word"))
      return ;;
  esac
  case $word in
    -*) COMPREPLY=($(compgen -W "$options" -- "$word")); return ;;
  esac
  if [ -n "$inner" ] && [ "$COMP_CWORD" -eq 2 ]; then
    COMPREPLY=($(compgen -W "$inner" -- "$word"))
  elif [ "$takes" = services ]; then
    # No program is run for it: that is what a TAB would wait for.
    [ -r ${listed} ] && COMPREPLY=($(compgen -W "$(<${listed})" -- "$word"))
  elif [ "$takes" = files ]; then
    COMPREPLY=($(compgen -f -- "$word"))
  fi
}
complete -F _rewind rewind ecs-rewind
`;
}
