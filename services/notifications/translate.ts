import { translateAlarmStateChange } from './alarm-state-change';
import { translateApiCall } from './api-call';
import { translateDeploymentStateChange } from './deployment-state-change';
import { type Envelope, InvalidNotificationError, ignored, parseEnvelope, type Translator } from './envelope';
import { probeDetailType, probeSource, translateProbe } from './probe';
import { translateServiceAction } from './service-action';
import { translateTaskStateChange } from './task-state-change';
import type { Translation } from './translation';

const translators: ReadonlyMap<string, Translator> = new Map([
  ['aws.ecs/ECS Deployment State Change', translateDeploymentStateChange],
  ['aws.ecs/ECS Task State Change', translateTaskStateChange],
  ['aws.ecs/ECS Service Action', translateServiceAction],
  ['aws.ecs/AWS API Call via CloudTrail', translateApiCall],
  ['aws.cloudwatch/CloudWatch Alarm State Change', translateAlarmStateChange],
  [`${probeSource}/${probeDetailType}`, translateProbe],
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
  const translator = translators.get(`${envelope.source}/${envelope['detail-type']}`);
  if (translator === undefined) {
    return ignored(envelope, `${envelope['detail-type']} (${envelope.source}) says nothing of a rollout`);
  }
  return translator(envelope);
}
