import type { DeploymentId, ServiceArn, TaskDefinitionArn } from '../../state-machines/identifiers';
import type { ObservedService } from '../../state-machines/observed-service';

/** What Rewind asks of ECS. */
export interface Ecs {
  /** Looks at the service as it is now. Throws what the SDK throws after its own retries. */
  observe(service: ServiceArn, question: Question): Promise<Observation>;
  /** Takes a service back. Each is safe to repeat; what ECS refuses is thrown as the SDK throws it. */
  stopServiceDeployment(rollback: StopRollback): Promise<Issued>;
  updateService(service: ServiceArn, target: TaskDefinitionArn): Promise<Issued>;
}

export interface Question {
  /** Whether service deployments are needed too: what ECS works on, and where it would go back to. */
  readonly withServiceDeployments: boolean;
  /** Task definitions of which to find out whether they are ACTIVE. */
  readonly candidates: readonly TaskDefinitionArn[];
}

export interface Observation {
  readonly observed: ObservedService;
  /** The service's own tags, of which some may set its policy. */
  readonly tags: readonly { readonly key?: string | undefined; readonly value?: string | undefined }[];
}

export interface StopRollback {
  readonly serviceDeploymentArn: string;
}

export interface Issued {
  readonly requestId: string | null;
  /** The deployment that ECS made of the call; null when the answer does not say. */
  readonly deployment: DeploymentId | null;
}

/** Whether the answer is final, by the names in https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html#API_UpdateService_Errors */
export type Refusal = 'terminal' | 'outdated' | 'retryable';

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

/** Sorts what ECS threw. Throttling is not modelled in the SDK, so names decide, never classes; what is unknown is retried. */
export function refusalOf(error: unknown): Refusal {
  const name = error instanceof Error ? error.name : '';
  if (terminalErrors.has(name)) return 'terminal';
  return outdatedErrors.has(name) ? 'outdated' : 'retryable';
}
