import { translateAlarmStateChange } from './alarm-state-change';
import { translateApiCall } from './api-call';
import { translateDeploymentStateChange } from './deployment-state-change';
import { type Envelope, InvalidNotificationError, ignored, parseEnvelope, type Translator } from './envelope';
import { probeDetailType, probeSource, translateProbe } from './probe';
import { translateServiceAction } from './service-action';
import { translateTaskStateChange } from './task-state-change';
import type { Translation } from './translation';

/** By detail type, with the source that it must come from: to join the two into one key would take as long as half of the rest. */
const translators: ReadonlyMap<string, { readonly source: string; readonly translator: Translator }> =
  new Map([
    ['ECS Deployment State Change', { source: 'aws.ecs', translator: translateDeploymentStateChange }],
    ['ECS Task State Change', { source: 'aws.ecs', translator: translateTaskStateChange }],
    ['ECS Service Action', { source: 'aws.ecs', translator: translateServiceAction }],
    ['AWS API Call via CloudTrail', { source: 'aws.ecs', translator: translateApiCall }],
    ['CloudWatch Alarm State Change', { source: 'aws.cloudwatch', translator: translateAlarmStateChange }],
    [probeDetailType, { source: probeSource, translator: translateProbe }],
  ]);

/**
 * Says what a notification means, given the JSON value that EventBridge delivered. Pure and total: what cannot be understood comes
 * back as `invalid`. Unknown fields, values and detail types are AWS's right to add, and never make a notification invalid.
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
  return known.translator(envelope);
}
