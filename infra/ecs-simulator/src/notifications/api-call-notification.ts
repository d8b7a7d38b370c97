import { callerArn } from '../foundation/arn';
import type { Caller } from '../foundation/caller';
import type { EcsError } from '../foundation/ecs-error';
import type { World } from '../model/world';
import { notify, wholeSeconds } from './notify';

interface ApiCall {
  readonly operation: string;
  readonly input: unknown;
  /** What was answered, instants as epoch seconds; null when the call failed. */
  readonly output: unknown;
  readonly error: EcsError | null;
}

/**
 * Sends "AWS API Call via CloudTrail" for a call that was answered or refused.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html and,
 * for the record,
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
export function notifyApiCall(world: World, caller: Caller, call: ApiCall): void {
  const ids = ofDeployments.has(call.operation) ? world.recordIds : world.random;
  notify(world, {
    ids,
    detailType: 'AWS API Call via CloudTrail',
    resources: [],
    detail: {
      eventVersion: '1.11',
      userIdentity: userIdentityOf(world, caller),
      eventTime: wholeSeconds(world.clock.now()),
      eventSource: 'ecs.amazonaws.com',
      eventName: call.operation,
      awsRegion: world.region,
      sourceIPAddress: caller.sourceIpAddress,
      userAgent: caller.userAgent,
      ...(call.error === null ? {} : { errorCode: call.error.name, errorMessage: call.error.message }),
      requestParameters: call.input,
      responseElements: call.error === null ? withWrittenDates(call.output) : null,
      requestID: ids.uuid(),
      eventID: ids.uuid(),
      readOnly: false,
      eventType: 'AwsApiCall',
      managementEvent: true,
      recipientAccountId: world.accountId,
      eventCategory: 'Management',
    },
  });
}

const ofDeployments: ReadonlySet<string> = new Set(['StopServiceDeployment', 'ContinueServiceDeployment']);

function userIdentityOf(world: World, { accessKeyId }: Caller) {
  return {
    type: 'IAMUser',
    principalId: accessKeyId,
    arn: callerArn(world, accessKeyId),
    accountId: world.accountId,
    accessKeyId,
    userName: accessKeyId,
  };
}

/**
 * CloudTrail writes ECS's dates as a locale's text (`Feb 20, 2026, 1:02:03 PM`), not as ISO 8601.
 */
function withWrittenDates(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withWrittenDates);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .map(([name, field]) => [
        name,
        /At$/.test(name) && typeof field === 'number'
          ? written.format(field * 1000)
          : withWrittenDates(field),
      ]),
  );
}

const written = new Intl.DateTimeFormat('en-US', {
  dateStyle: 'medium',
  timeStyle: 'medium',
  timeZone: 'UTC',
});
