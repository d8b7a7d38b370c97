import type { CompletedCommand } from './completed-commands';

/** Pure. */
export function zshCompletion(commands: readonly CompletedCommand[]): string {
  const verbs = commands.map(({ name, summary }) => `    ${quoted(`${name}:${summary}`)}`);
  return `#compdef rewind ecs-rewind
_rewind_services() {
  local -a services
  services=(\${(f)"$(cat "\${XDG_CACHE_HOME:-$HOME/.cache}/rewind/services" 2>/dev/null)"})
  compadd -a services
}
_rewind() {
  local -a verbs
  verbs=(
${verbs.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command verbs
    return
  fi
  local verb=$words[2]
  shift words
  (( CURRENT-- ))
  case $verb in
${commands.map(caseOf).join('\n')}
  esac
}
if [ "$funcstack[1]" = _rewind ]; then _rewind "$@"; else compdef _rewind rewind ecs-rewind; fi
`;
}

function caseOf({ name, options, commands, takes }: CompletedCommand): string {
  const specs = options.flatMap(({ names, summary, hasValue }) =>
    names.map((option) => `'*'${quoted(`${option}[${bracketed(summary)}]${hasValue ? ':value:' : ''}`)}`),
  );
  const rest = {
    services: ["'*:service:_rewind_services'"],
    files: ["'*:file:_files'"],
    nothing: commands.length === 0 ? [] : [`'1:command:(${commands.join(' ')})'`],
  }[takes];
  return `    ${name}) _arguments ${[...specs, ...rest].join(' ')} ;;`;
}

function bracketed(text: string): string {
  return text.replace(/[[\]:]/g, (found) => `\\${found}`);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
