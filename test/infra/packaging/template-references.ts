import type { Template } from './packaged-stack';

/** One resource of a template names another. */
interface Reference {
  readonly from: string;
  readonly to: string;
}

/**
 * Everything that a template's resources and outputs name by Ref, Fn::GetAtt, Fn::Sub and
 * DependsOn; CloudFormation's own names left out.
 */
export function referencesIn({ Resources, Outputs }: Template): Reference[] {
  return Object.entries({ ...Resources, ...Outputs }).flatMap(([from, content]) =>
    namesIn(content).map((to) => ({ from, to })),
  );
}

/** What is named and is not there: CloudFormation would refuse the template. */
export function danglingReferences(template: Template): Reference[] {
  return referencesIn(template).filter(({ to }) => !(to in template.Resources));
}

/**
 * The resources that cannot be created because they wait for each other, those that wait for them
 * included.
 */
export function circularDependencies(template: Template): string[] {
  const waiting = new Map(Object.keys(template.Resources).map((name) => [name, new Set<string>()]));
  for (const { from, to } of referencesIn(template)) waiting.get(from)?.add(to);
  for (;;) {
    const ready = [...waiting].filter(([, needs]) => [...needs].every((name) => !waiting.has(name)));
    if (ready.length === 0) return [...waiting.keys()];
    for (const [name] of ready) waiting.delete(name);
  }
}

function namesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(namesIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key === 'Ref') return ownName(String(inner));
    if (key === 'Fn::GetAtt') return ownName(String(Array.isArray(inner) ? inner[0] : inner));
    if (key === 'Fn::Sub') return namesInText(inner);
    if (key === 'DependsOn') return [inner].flat().map(String);
    return namesIn(inner);
  });
}

/** `Fn::Sub` takes a text, or a text with values of its own for some of its names. */
function namesInText(sub: unknown): string[] {
  const [text, values] = Array.isArray(sub) ? sub : [sub, {}];
  const names = [...String(text).matchAll(/\$\{([^!}][^}]*)\}/g)].map(([, name = '']) => name);
  return [...names.filter((name) => !(name in values)).flatMap(ownName), ...namesIn(values)];
}

/** `Table.Arn` names Table; `AWS::Region` names nothing of the template. */
function ownName(name: string): string[] {
  return name.startsWith('AWS::') ? [] : [name.split('.')[0] ?? name];
}
