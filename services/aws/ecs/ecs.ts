import type { DeploymentId, ServiceArn, TaskDefinitionArn } from '../../../state-machines/log/identifiers';
import type { ObservedEvent } from '../../../state-machines/log/observed-events';
import type { ObservedService } from '../../../state-machines/log/observed-service';
import type { HookAction } from '../../../state-machines/log/traffic/gate-events';
import type { WayBack } from '../../../state-machines/log/way-back';
import type { RevisionParameters } from './revision-parameters';

/**
 * What Rewind asks of ECS. Every method throws what the SDK throws, after the SDK's own retries.
 */
export interface Ecs {
  /** Looks at the service as it is now. */
  observe(service: ServiceArn, question: ObservationRequest): Promise<Observation>;
  /**
   * What the service's tasks and deployments show, as the events that their notifications would
   * have been, in the order in which they are to be appended. Empty when the service is gone.
   */
  facts(service: ServiceArn): Promise<readonly ObservedEvent[]>;
  /** What the service works towards now, in one request; null where ECS shows no deployment. */
  primaryOf(service: ServiceArn): Promise<DeploymentId | null>;
  /**
   * What UpdateService would leave as it is, and that the way back ran otherwise. Where its service
   * revision is not known, the last service deployment which succeeded with its task definition
   * stands for it. Empty where nothing differs, and where ECS knows of neither. By what the traffic
   * comes stays as it is where ECS shifts it and could not shift that of the way back.
   */
  parametersLeftBehind(service: ServiceArn, wayBack: WayBack): Promise<RevisionParameters>;
  /**
   * Registers a copy of a task definition, pinned to its images. It is safe to repeat: a copy that
   * stands already is not registered again.
   */
  copyOf(request: CopyRequest): Promise<TaskDefinitionArn>;
  /** Takes a service back. Each is safe to repeat. */
  stopServiceDeployment(serviceDeploymentArn: string): Promise<StopReceipt>;
  updateService(service: ServiceArn, update: Update): Promise<UpdateReceipt>;
  /** Answers a hook at which ECS waits. Safe to repeat: ECS takes a hook once. */
  answerHook(hook: AnsweredHook): Promise<AnswerReceipt>;
}

export interface AnsweredHook {
  readonly serviceDeployment: string;
  readonly id: string;
  readonly action: HookAction;
}

export interface ObservationRequest {
  /** Task definitions of which to find out whether they are ACTIVE. */
  readonly candidates: readonly TaskDefinitionArn[];
  /** Service revisions of which to tell whether the tags of their images have moved. */
  readonly revisions?: readonly string[];
}

export interface Observation {
  readonly observed: ObservedService;
  /** The service's own tags, of which some may set its policy. */
  readonly tags: readonly { readonly key?: string | undefined; readonly value?: string | undefined }[];
}

export type CopyRequest = Pick<WayBack, 'taskDefinition' | 'images'>;

interface Update {
  readonly target: TaskDefinitionArn;
  readonly parameters: RevisionParameters;
  /** Whether the service is deployed anew where it runs the target already. */
  readonly isForced: boolean;
}

interface UpdateReceipt {
  readonly requestId: string | null;
  /** The deployment that ECS works towards since; null when the answer does not say. */
  readonly deployment: DeploymentId | null;
}

export interface AnswerReceipt {
  readonly requestId: string | null;
  /** False where ECS refused it, and waits no longer: somebody has answered, or time ran out. */
  readonly isTaken: boolean;
}

interface StopReceipt {
  readonly requestId: string | null;
  /**
   * False when ECS went back of itself, or on to a newer deployment, before the call reached it:
   * then the call changed nothing.
   */
  readonly isOnRequest: boolean;
}

/**
 * Whether the answer is final, by the names in
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html#API_UpdateService_Errors
 */
type Refusal = 'terminal' | 'outdated' | 'retryable';

const terminalErrors: ReadonlySet<string> = new Set([
  'AccessDeniedException',
  'ClientException',
  'ClusterNotFoundException',
  'InvalidParameterException',
  'NamespaceNotFoundException',
  'PlatformTaskDefinitionIncompatibilityException',
  'PlatformUnknownException',
  'ServiceNotActiveException',
  'ServiceNotFoundException',
  'UnsupportedFeatureException',
]);
/** What Rewind had observed is no longer so: it looks again before it does anything else. */
const outdatedErrors: ReadonlySet<string> = new Set([
  'ConflictException',
  'ServiceDeploymentNotFoundException',
]);

/**
 * Sorts what ECS threw. Throttling is not modelled in the SDK, so names decide, never classes; what
 * is unknown is retried.
 */
export function refusalOf(error: unknown): Refusal {
  const name = error instanceof Error ? error.name : '';
  if (terminalErrors.has(name)) return 'terminal';
  return outdatedErrors.has(name) ? 'outdated' : 'retryable';
}

/** By ECS, or by STS where the role of another account is to be assumed. */
const denials: ReadonlySet<string> = new Set(['AccessDeniedException', 'AccessDenied']);

/** Whether ECS lets Rewind not even look: nothing that waits for it will ever happen. */
export function isDenied(error: unknown): boolean {
  return error instanceof Error && denials.has(error.name);
}

/**
 * Nobody told Rewind how to reach the account and region of a service: its rollouts are given up,
 * with this sentence.
 */
export class AccountNotConfiguredError extends Error {
  override readonly name = 'AccountNotConfiguredError';

  constructor({ account, region }: { readonly account: string; readonly region: string }) {
    super(`the policy file's accounts name no way to account ${account} in ${region}`);
  }
}
