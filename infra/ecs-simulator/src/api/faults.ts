import { callerArn, ecsArn, lastPartOf } from '../foundation/arn';
import { EcsError, type EcsErrorName } from '../foundation/ecs-error';
import type { World } from '../model/world';

/** Which calls fail. */
interface FaultyCalls {
  readonly operation: string;
  /** Only those that name this service, task definition or alarm; all, when left out. */
  readonly resource?: string;
  /** Only those of one caller; everybody's, when left out. */
  readonly accessKeyId?: string;
}
interface Fault extends FaultyCalls {
  readonly error: EcsErrorName;
  readonly message: string;
  /** How many calls fail; all from now on, when left out. */
  readonly times?: number;
}
interface Call {
  readonly operation: string;
  readonly input: unknown;
  readonly accessKeyId: string;
}

/**
 * Failures that a test asks for: a permission that is missing, an operation that is out of order.
 */
export class Faults {
  readonly #world: World;
  readonly #active: { readonly fault: Fault; left: number }[] = [];

  constructor(world: World) {
    this.#world = world;
  }

  /** Makes calls fail from now on; returns what ends it. */
  fail(fault: Fault): () => void {
    const active = { fault, left: fault.times ?? Number.POSITIVE_INFINITY };
    this.#active.push(active);
    return () => {
      active.left = 0;
    };
  }

  /** Takes a permission away; returns what gives it back. */
  deny(calls: FaultyCalls): () => void {
    return this.fail({ ...calls, error: 'AccessDeniedException', message: '' });
  }

  /** Throws the error of the first fault that the call meets. */
  admit(call: Call): void {
    const active = this.#active.find(({ fault, left }) => left > 0 && isMet(fault, call));
    if (active === undefined) return;
    active.left -= 1;
    const { error, message } = active.fault;
    throw new EcsError(error, message || this.#denial(call));
  }

  /** https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html */
  #denial({ operation, input, accessKeyId }: Call): string {
    const { cluster = 'default', service } = input as { cluster?: string; service?: string };
    const resource =
      service === undefined
        ? '*'
        : ecsArn(this.#world, `service/${lastPartOf(cluster)}/${lastPartOf(service)}`);
    const action = `ecs:${operation}`;
    return `User: ${callerArn(this.#world, accessKeyId)} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`;
  }
}

function isMet(fault: Fault, { operation, input, accessKeyId }: Call): boolean {
  if (fault.operation !== operation) return false;
  if (fault.accessKeyId !== undefined && fault.accessKeyId !== accessKeyId) return false;
  return fault.resource === undefined || namesIn(input).includes(lastPartOf(fault.resource));
}

/** Everything that a call names, but its cluster, which many share. */
function namesIn(input: unknown): string[] {
  const { cluster: _, ...named } = input as Record<string, unknown>;
  const values = Object.values(named).flat();
  return values.filter((value) => typeof value === 'string').flatMap((value) => value.split(/[/:]/));
}
