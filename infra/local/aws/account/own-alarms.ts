import type { EcsSimulator } from '../../../ecs-simulator/src/ecs-simulator';
import { arnIn, type DeployedAccount, physicalIdOf } from './deployed-account';

/** By what name the stack's resources go: `${self:service}-${sls:stage}` in its files. */
export const ownPrefix = 'rewind-local-';

const cloudFormation = { accessKeyId: 'cloudformation', userAgent: '', sourceIpAddress: '127.0.0.1' };

/** Puts the alarms by which the stack watches itself, as its files declare them. */
export function putOwnAlarms(
  simulator: Pick<EcsSimulator, 'call'>,
  account: Pick<DeployedAccount, 'template' | 'tableName'>,
): void {
  for (const { Type, Properties } of Object.values(account.template.Resources)) {
    if (Type !== 'AWS::CloudWatch::Alarm') continue;
    simulator.call('PutMetricAlarm', filledIn(account, Properties), cloudFormation);
  }
}

/** What CloudFormation and the Framework would fill in, as far as alarms have it. */
function filledIn(account: Pick<DeployedAccount, 'template' | 'tableName'>, value: unknown): unknown {
  if (typeof value === 'string') return value.replace(stackName, ownPrefix.slice(0, -1));
  if (Array.isArray(value)) return value.map((member) => filledIn(account, member));
  if (typeof value !== 'object' || value === null) return value;
  const { Ref: id, 'Fn::GetAtt': attribute } = value as { Ref?: string; 'Fn::GetAtt'?: string };
  if (id !== undefined) return physicalNameOf(account, id);
  if (attribute !== undefined) return physicalNameOf(account, attribute.replace(/\..*/, ''));
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, filledIn(account, member)]));
}

// biome-ignore lint/suspicious/noTemplateCurlyInString: as infra/alarms.yml has it
const stackName = '${self:service}-${sls:stage}';

function physicalNameOf(
  { template, tableName }: Pick<DeployedAccount, 'template' | 'tableName'>,
  id: string,
) {
  const resource = template.Resources[id];
  if (resource === undefined) throw new Error(`the stack declares no ${id}`);
  if (resource.Type === 'AWS::DynamoDB::Table') return tableName;
  return resource.Type === 'AWS::SNS::Topic' ? arnIn('sns', id) : physicalIdOf(id, resource);
}
