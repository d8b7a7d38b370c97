import type { ServiceArn } from '../../state-machines/log/identifiers';
import type { Instant } from '../../state-machines/log/instant';
import type { DeploymentConfiguration } from '../../state-machines/protection/configuration';
import { restored } from '../../state-machines/protection/drift';
import {
  changesBetween,
  type FieldChange,
  parametersToChange,
} from '../../state-machines/protection/effective-configuration';
import { confirmAsSurveyed, undisturbed } from './fresh-look';
import { endOfRollout, type GuardParts } from './guard';
import { GuardStream } from './guard-stream';
import { type Surveyed, survey } from './survey';

/** What became of one service that was to be as it had been. */
export interface Undone {
  readonly service: ServiceArn;
  readonly outcome:
    | 'undone'
    /** The guard never wrote to it, or was undone already. */
    | 'untouched'
    | 'busy'
    | 'failed';
  readonly because: string | null;
  /** How many fields and alarms it took. */
  readonly changes: number;
  /** By when a rollout that is in the way is over. */
  readonly returnsAt?: Instant | null;
}

/**
 * Gives services back what they had before the guard first wrote to them, removes the alarms that it made, and leaves them alone from
 * then on, until somebody applies again. Repeatable; goes on after one that fails, and starts no deployment.
 */
export async function* undo(
  parts: GuardParts,
  services: AsyncIterable<ServiceArn> | Iterable<ServiceArn>,
): AsyncIterable<Undone> {
  for await (const surveyed of survey(parts, services)) {
    const { service } = surveyed;
    const fail = ({ name, message }: Error): Undone => {
      return { service, outcome: 'failed', because: `${name}: ${message}`, changes: 0 };
    };
    const act = (looked: Surveyed) => undoOne(parts, looked);
    try {
      yield await undisturbed(parts, surveyed, { service, act, fail });
    } catch (error) {
      yield fail(error as Error);
    }
  }
}

/** What takes a service back to what it had. */
export interface Restoration {
  readonly after: DeploymentConfiguration;
  readonly changes: readonly FieldChange[];
  /** The alarms that the guard made, which go with it. */
  readonly alarms: readonly string[];
}

/** What an undo would do; null where the guard has written nothing that was not undone. Pure. */
export function restorationOf({ last, observed }: Surveyed): Restoration | null {
  if (last === null) return null;
  const { original, alarms } = last.standing;
  // Alarms are made first: they are there though ECS refused the rest.
  if (original === null && alarms.length === 0) return null;
  const after = original === null ? observed.configuration : restored(original, observed.configuration);
  return { after, changes: changesBetween(observed.configuration, after), alarms };
}

async function undoOne(parts: GuardParts, surveyed: Surveyed): Promise<Undone> {
  const { service } = surveyed;
  const restoration = restorationOf(surveyed);
  if (restoration === null) return { service, outcome: 'untouched', because: null, changes: 0 };
  const { after, alarms } = restoration;
  const changes = restoration.changes.length + alarms.length;
  if (surveyed.observed.rollout !== null) {
    const returnsAt = endOfRollout(surveyed);
    return { service, outcome: 'busy', because: 'a rollout is under way', changes, returnsAt };
  }
  const before = surveyed.observed.configuration;
  const parameters = parametersToChange(before, after);
  const isThere = Object.keys(parameters).length === 0;
  if (!isThere) await confirmAsSurveyed(parts, surveyed);
  const updated = isThere ? null : await parts.protections.update(service, parameters);
  // After ECS has let go of them.
  await parts.alarms.remove(alarms);
  await new GuardStream(parts, surveyed).append({
    type: 'ProtectionRestored',
    before,
    after: updated?.configuration ?? before,
    requestId: updated?.requestId ?? null,
    alarms,
  });
  return { service, outcome: 'undone', because: null, changes };
}
