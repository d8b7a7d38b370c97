import { translateAlarmStateChange } from './alarm-state-change';
import { translateApiCall } from './api-call';
import { translateDeploymentStateChange } from './deployment-state-change';
import { type Envelope, parseEnvelope } from './envelope';
import { translateHookStateChange } from './hook-state-change';
import { operatorDetailType, operatorSource, translateOperatorAction } from './own/operator-action';
import { translateProbe } from './own/probe';
import { probeDetailType, probeSource } from './own/probe-stream';
import { InvalidNotificationError } from './parse-part';
import { translateServiceAction } from './service-action';
import { translateTaskStateChange } from './task-state-change';
import { ignored, type Translation } from './translation';

interface Translator {
  /** The only source that such a notification may come from. */
  readonly source: string;
  readonly translate: (envelope: Envelope) => Translation;
}

/** By detail type. */
const translators: ReadonlyMap<string, Translator> = new Map<string, Translator>([
  ['ECS Deployment State Change', { source: 'aws.ecs', translate: translateDeploymentStateChange }],
  ['ECS Task State Change', { source: 'aws.ecs', translate: translateTaskStateChange }],
  ['ECS Hook State Change', { source: 'aws.ecs', translate: translateHookStateChange }],
  ['ECS Service Action', { source: 'aws.ecs', translate: translateServiceAction }],
  ['AWS API Call via CloudTrail', { source: 'aws.ecs', translate: translateApiCall }],
  ['CloudWatch Alarm State Change', { source: 'aws.cloudwatch', translate: translateAlarmStateChange }],
  [operatorDetailType, { source: operatorSource, translate: translateOperatorAction }],
  [probeDetailType, { source: probeSource, translate: translateProbe }],
]);

/**
 * Says what a notification means, given the JSON value that EventBridge delivered. Pure and total:
 * a value that cannot be understood comes back as `invalid`. AWS may add fields, values and detail
 * types at any time: these never make a notification invalid.
 */
export function translate(notification: unknown): Translation {
  try {
    const envelope = parseEnvelope(notification);
    return translateEnvelope(envelope);
  } catch (error) {
    if (!(error instanceof InvalidNotificationError)) throw error;
    return { kind: 'invalid', because: error.message };
  }
}

function translateEnvelope(envelope: Envelope): Translation {
  const known = translators.get(envelope['detail-type']);
  if (known?.source !== envelope.source) {
    return ignored(envelope, `${envelope['detail-type']} (${envelope.source}) says nothing of a rollout`);
  }
  return known.translate(envelope);
}
