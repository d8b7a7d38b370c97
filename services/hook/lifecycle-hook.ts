import * as z from 'zod/mini';
import { answerFromLog, type HookCall } from '../../state-machines/decisions/gates/answer-from-log';
import {
  parseServiceArn,
  parseServiceDeploymentArn,
  type ServiceArn,
} from '../../state-machines/log/identifiers';
import type { Instant } from '../../state-machines/log/instant';
import type { EventLog } from '../event-log/event-log';
import { readState } from '../event-log/snapshot';
import type { PolicyFile } from '../policy/policy-file';

interface HookParts {
  readonly eventLog: EventLog;
  readonly policies: PolicyFile;
  readonly now: () => Instant;
  /** Resolves when an answer has to be given, whatever is still asked. */
  readonly patience: () => Promise<void>;
  /** Receives what kept it from an answer. */
  readonly onTrouble: (error: unknown) => void;
}

/**
 * What ECS takes from the function of a hook; a wrong key is not refused, and means nothing.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/lambda-lifecycle-hooks.html
 */
interface HookResponse {
  readonly hookStatus: 'SUCCEEDED' | 'FAILED' | 'IN_PROGRESS';
  /** In seconds: when ECS asks again. */
  readonly callBackDelay?: number;
  /** Comes back with the next call, in place of what the service's configuration gives. */
  readonly hookDetails?: unknown;
}

/** How soon ECS asks again: half a minute is what it takes by itself. */
const delaySeconds = 20;

const weights = z.nullish(z.record(z.string(), z.number()));

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/lambda-lifecycle-hooks.html */
const payloadSchema = z.object({
  lifecycleStage: z.string(),
  resourceArn: z.string(),
  executionDetails: z.object({
    serviceArn: z.string(),
    targetServiceRevisionArn: z.string(),
    testTrafficWeights: weights,
    productionTrafficWeights: weights,
  }),
});

/**
 * A lifecycle hook of ECS that answers as the gates do, for accounts that prefer a function to a
 * PAUSE hook. It reads the log, and tells it that ECS waits; it calls nothing.
 *
 * It never throws, as ECS takes an error for a no: whatever keeps it from an answer is told, and
 * the answer is that it is not done. On the way back it always lets pass.
 */
export function createLifecycleHook(parts: HookParts): (payload: unknown) => Promise<HookResponse> {
  return async (payload) => {
    try {
      const hookStatus = await Promise.race([hookAnswer(parts, payload), parts.patience()]);
      return hookStatus === undefined || hookStatus === 'IN_PROGRESS' ? notDone(payload) : { hookStatus };
    } catch (error) {
      parts.onTrouble(error);
      return notDone(payload);
    }
  };
}

function notDone(payload: unknown): HookResponse {
  const { hookDetails } = Object(payload) as { readonly hookDetails?: unknown };
  const configured = hookDetails === undefined ? {} : { hookDetails };
  return { hookStatus: 'IN_PROGRESS', callBackDelay: delaySeconds, ...configured };
}

async function hookAnswer(
  { eventLog, policies, now }: HookParts,
  payload: unknown,
): Promise<HookResponse['hookStatus']> {
  const { service, call } = callIn(payload);
  // Needs no log: whoever goes back waits for nothing.
  if (call.isWayBack) return 'SUCCEEDED';
  const state = await readState(eventLog, { service, policy: policies.policyFor(service) });
  const at = now();
  const { status, tells } = answerFromLog(state, call, at);
  if (tells !== null) await eventLog.append({ event: tells, notification: null, recordedAt: at });
  return status;
}

function callIn(payload: unknown): { readonly service: ServiceArn; readonly call: HookCall } {
  const { lifecycleStage: stage, resourceArn, executionDetails } = payloadSchema.parse(payload);
  const { serviceArn, targetServiceRevisionArn: targetRevision } = executionDetails;
  const { testTrafficWeights, productionTrafficWeights } = executionDetails;
  const shares = { ...testTrafficWeights, ...productionTrafficWeights };
  const weight = shares[targetRevision] ?? null;
  // Only the weights tell that ECS goes back: the target stays the new revision.
  const isWayBack = Object.keys(shares).length > 0 && (weight ?? 0) === 0;
  const serviceDeployment = parseServiceDeploymentArn(resourceArn);
  return {
    service: parseServiceArn(serviceArn),
    call: { serviceDeployment, targetRevision, stage, weight, isWayBack },
  };
}
