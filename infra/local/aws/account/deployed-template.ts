import manifest from '../../../../package.json' with { type: 'json' };
import { readCloudFormation } from '../declared/cloudformation';

/**
 * A resource as the stack's files declare it; what CloudFormation would fill in is left as it is.
 */
export interface TemplateResource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: as many shapes as there are types
  readonly Properties?: any;
}

export interface DeployedTemplate {
  readonly Resources: { readonly [logicalId: string]: TemplateResource };
  readonly Outputs: { readonly RewindVersion: { readonly Value: string } };
}

interface ServerlessFile {
  readonly functions: {
    readonly [name: string]: {
      readonly events: readonly {
        readonly sqs?: object;
        readonly stream?: object;
        readonly schedule?: string;
        readonly eventBridge?: { readonly pattern: object };
      }[];
    };
  };
  readonly resources: readonly (string | { readonly Resources?: object })[];
}

const fileVariable = /^\$\{file\((infra\/[^)]+\.yml)\)\}$/;

// biome-ignore lint/suspicious/noTemplateCurlyInString: as serverless.yml has it
const takingBack = '${file(infra/parameters.cjs):takingBack}';

/** Read once: the files stay as they are while a program runs. */
const { resources, functions } = readCloudFormation<ServerlessFile>('serverless.yml');
const declared = resources.map((part) => resolved(part) as Pick<DeployedTemplate, 'Resources'>);

/**
 * What the Framework makes of serverless.yml, as far as one can look at it from outside: the files'
 * resources, and the functions with what wakes them.
 */
export function deployedTemplate(functionNames: readonly string[]): DeployedTemplate {
  const made = functionNames.flatMap((name) => functionResources(name, functions[name]?.events ?? []));
  return {
    Resources: Object.assign(
      {},
      ...declared.map(({ Resources = {} }) => Resources),
      Object.fromEntries(made),
    ),
    Outputs: { RewindVersion: { Value: manifest.version } },
  };
}

/**
 * Files within files, too. What a program answers for is not looked at, but the right to write to
 * ECS: the local stack has it.
 */
function resolved(value: unknown): unknown {
  if (typeof value === 'string') {
    if (value === takingBack) return readCloudFormation('infra/roles/taking-back.yml');
    const file = fileVariable.exec(value)?.[1];
    return file === undefined ? value : resolved(readCloudFormation(file));
  }
  if (Array.isArray(value)) return value.map(resolved);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, resolved(member)]));
}

function functionResources(
  name: string,
  events: ServerlessFile['functions'][string]['events'],
): [string, TemplateResource][] {
  const id = name.charAt(0).toUpperCase() + name.slice(1);
  const Targets = [{ Arn: { 'Fn::GetAtt': `${id}LambdaFunction.Arn` } }];
  const rule = (Properties: object) => ({
    Type: 'AWS::Events::Rule',
    Properties: { ...Properties, Targets },
  });
  const wakers = events.map(({ schedule, eventBridge }, index): [string, TemplateResource] => {
    if (schedule !== undefined)
      return [`${id}EventsRuleSchedule${index + 1}`, rule({ ScheduleExpression: schedule })];
    if (eventBridge !== undefined)
      return [`${id}EventBridgeRule${index + 1}`, rule({ EventPattern: eventBridge.pattern })];
    return [
      `${id}EventSourceMapping${index + 1}`,
      { Type: 'AWS::Lambda::EventSourceMapping', Properties: { name } },
    ];
  });
  return [[`${id}LambdaFunction`, { Type: 'AWS::Lambda::Function', Properties: { name } }], ...wakers];
}
