import type { EventPattern } from '../bus/event-patterns';
import { killSwitch } from '../functions/handler-environment';
import { type DeployedTemplate, deployedTemplate, type TemplateResource } from './deployed-template';

/**
 * A stack as an account holds it: what one sees of it from outside, and what somebody may change by
 * hand.
 */
export interface DeployedAccount {
  readonly account: string;
  readonly region: string;
  readonly stackName: string;
  stackStatus: string;
  readonly template: DeployedTemplate;
  version: string;
  readonly rules: Map<string, DeployedRule>;
  readonly queues: Map<string, DeployedQueue>;
  /** By their ARNs. */
  readonly topics: Map<string, DeployedTopic>;
  readonly functions: Map<string, DeployedFunctionState>;
  readonly mappings: Map<string, DeployedMapping>;
  readonly roles: Map<string, DeployedRole>;
  /** Accounts that may put on the bus. */
  readonly forwarding: string[];
  readonly archives: Map<string, { state: string }>;
  /** Lines of the functions' logs, by function. */
  readonly logs: LogLine[];
  readonly tableName: string;
  /** Operations that whoever asks may not use. */
  readonly denied: Set<string>;
}

interface DeployedRule {
  readonly logicalId: string;
  state: 'ENABLED' | 'DISABLED';
  /** Null for a schedule. */
  pattern: EventPattern | null;
  targets: string[];
}
interface DeployedQueue {
  readonly arn: string;
  messages: () => number;
  policy: string;
}
/** Where people subscribe. */
interface DeployedTopic {
  readonly name: string;
  publish: (message: { readonly subject: string; readonly text: string }) => void;
}
interface DeployedFunctionState {
  state: string;
  lastUpdate: string;
  readonly environment: Record<string, string>;
}
interface DeployedMapping {
  readonly functionName: string;
  state: string;
  lastResult: string;
}
interface DeployedRole {
  /** Documents by name. */
  readonly policies: Map<string, object>;
  hasBoundary: boolean;
}
interface LogLine {
  readonly functionName: string;
  readonly at: number;
  readonly line: string;
}

interface AccountOptions {
  /** As serverless.yml names those that run. */
  readonly functionNames: readonly string[];
  readonly environment: Record<string, string>;
  readonly tableName: string;
}

/** The stack of serverless.yml as `npm run deploy` would leave it, in the simulator's account. */
export function deployAccount({ functionNames, environment, tableName }: AccountOptions): DeployedAccount {
  const template = deployedTemplate(functionNames);
  const place = { account: '123456789012', region: 'us-east-1', stackName: 'rewind-local' };
  const ofType = (type: string) => Object.entries(template.Resources).filter(([, { Type }]) => Type === type);
  const byId = <Part>(type: string, make: (resource: TemplateResource, logicalId: string) => Part) =>
    new Map(ofType(type).map(([id, resource]) => [physicalIdOf(id, resource), make(resource, id)]));
  const policy = JSON.stringify(
    ofType('AWS::Events::Rule').map(([id]) => `${arnIn('events', `rule/${id}`)}`),
  );
  return {
    ...place,
    stackStatus: 'CREATE_COMPLETE',
    template,
    version: template.Outputs.RewindVersion.Value,
    rules: byId('AWS::Events::Rule', ({ Properties: rule }, logicalId) => ({
      logicalId,
      state: 'ENABLED',
      pattern: rule.EventPattern ?? null,
      targets: rule.Targets.map(({ Arn }: { Arn: { 'Fn::GetAtt': string } }) =>
        arnOfTarget(Arn['Fn::GetAtt']),
      ),
    })),
    queues: byId('AWS::SQS::Queue', (_, id) => ({ arn: arnIn('sqs', id), messages: () => 0, policy })),
    topics: new Map(
      ofType('AWS::SNS::Topic').map(([name]) => [arnIn('sns', name), { name, publish: () => {} }]),
    ),
    functions: byId('AWS::Lambda::Function', () => ({
      state: 'Active',
      lastUpdate: 'Successful',
      environment: { ...environment },
    })),
    mappings: byId('AWS::Lambda::EventSourceMapping', ({ Properties }) => ({
      functionName: `rewind-local-${Properties.name}`,
      state: 'Enabled',
      lastResult: 'OK',
    })),
    roles: byId('AWS::IAM::Role', (_, id) => ({ policies: policiesOf(template, id), hasBoundary: false })),
    archives: byId('AWS::Events::Archive', () => ({ state: 'ENABLED' })),
    forwarding: [],
    logs: [],
    denied: new Set(),
    tableName,
  };
}

/**
 * The name that AWS would give a resource of the stack; functions and the kill switch have their
 * own.
 */
export function physicalIdOf(logicalId: string, { Type, Properties }: TemplateResource): string {
  if (Type === 'AWS::SSM::Parameter') return killSwitch;
  return Type === 'AWS::Lambda::Function' ? `rewind-local-${Properties.name}` : logicalId;
}

/** The ARN of a resource of the stack. */
export function arnIn(service: string, resource: string): string {
  return `arn:aws:${service}:us-east-1:123456789012:${resource}`;
}

function arnOfTarget(attribute: string): string {
  const [logicalId = ''] = attribute.split('.');
  return logicalId.endsWith('Queue') ? arnIn('sqs', logicalId) : arnIn('lambda', `function:${logicalId}`);
}

function policiesOf({ Resources }: DeployedTemplate, role: string): Map<string, object> {
  const own = Resources[role]?.Properties.Policies ?? [];
  const others = Object.values(Resources)
    .filter(({ Type }) => Type === 'AWS::IAM::Policy')
    .map(({ Properties }) => Properties)
    .filter(({ Roles = [] }) => Roles.some(({ Ref }: { Ref?: string }) => Ref === role));
  return new Map([...own, ...others].map(({ PolicyName, PolicyDocument }) => [PolicyName, PolicyDocument]));
}
