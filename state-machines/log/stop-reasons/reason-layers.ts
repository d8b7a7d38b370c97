/**
 * What ECS puts around a cause: the service, the task and the port, that a task could not be
 * placed, that it failed to start, and the state that people are shown.
 */
const framings = [
  /^\((service|task|instance|port) [^)]*\):? /,
  /^service \S+: /,
  // People write sentences about a service, too; those name no service here.
  /^service (?!(was|is|has|deployment|scheduler) )\S+ /,
  /^was unable to place (a task|tasks)( in your cluster)?(\. reason:| because( the)?) /,
  /^was unable to reach steady state(\. reason:| because) /,
  /^(could not|failed to) launch (\d+|a) tasks?( for deployment [^\s:]+?)?(\. reason:|:|\.| because| due to| with \(error:?) /,
  /^taskfailedtostart: /,
  /^task failed to start[:.] /,
  /^stopped \(/,
] as const;

/**
 * Errors that only hand on another one: the category of a task that could not be prepared, the
 * agent's form of it, and exceptions of AWS's APIs.
 */
const wrappers = [
  /^resourceinitializationerror: /,
  /^resource cannot be initialized for task \S+: /,
  /^[a-z.]+exception: /,
] as const;

const envelope = anyOf(...framings, ...wrappers);

/**
 * A text of ECS, from the outside to the bottom: as a whole, then without each thing that is put
 * around the rest. In lower case, with plain quotes and single spaces. Pure; never empty.
 */
export function reasonLayers(text: string): readonly string[] {
  const layers = [plain(text)];
  let rest = layers[0] ?? '';
  // Every round makes the rest shorter, so the loop ends.
  for (let around = envelope.exec(rest); around !== null; around = envelope.exec(rest)) {
    rest = rest.slice(around[0].length);
    layers.push(rest);
  }
  return layers;
}

function plain(text: string): string {
  return text.trim().toLowerCase().replaceAll(/[‘’]/g, "'").replaceAll(/[“”]/g, '"').replaceAll(/\s+/g, ' ');
}

/** A pattern that holds where one of the patterns does. */
export function anyOf(...patterns: readonly RegExp[]): RegExp {
  return new RegExp(patterns.map(({ source }) => source).join('|'));
}
