import type { ServiceArn } from '../../state-machines/log/identifiers';
import type { Instant } from '../../state-machines/log/instant';
import { parametersToChange } from '../../state-machines/protection/effective-configuration';
import { endOfRollout } from '../../state-machines/protection/observed-protection';
import { restorationAfter } from '../../state-machines/protection/restoration';
import type { GuardParts } from './guard';
import { GuardStream } from './guard-stream';
import { confirmSurvey, retryOnConflict } from './retry-on-conflict';
import { type SurveyedService, survey } from './survey';

/** What became of one service whose protection was to be undone. */
export interface UndoResult {
  readonly service: ServiceArn;
  readonly outcome:
    | 'undone'
    /** The guard never wrote to the service, or its changes were undone already. */
    | 'untouched'
    | 'busy'
    | 'failed';
  readonly because: string | null;
  /** How many fields and alarms were changed. */
  readonly changes: number;
  /** When a rollout that is in the way is over at the latest. */
  readonly returnsAt?: Instant | null;
}

/**
 * Gives services back what they had before the guard first wrote to them, removes its alarms, and
 * leaves the services alone until somebody applies again. Repeatable. Starts no deployment, and
 * goes on after a service that fails.
 */
export async function* undo(
  parts: GuardParts,
  services: AsyncIterable<ServiceArn> | Iterable<ServiceArn>,
): AsyncIterable<UndoResult> {
  for await (const surveyed of survey(parts, services)) {
    const { service } = surveyed;
    const fail = ({ name, message }: Error): UndoResult => {
      return { service, outcome: 'failed', because: `${name}: ${message}`, changes: 0 };
    };
    try {
      yield await retryOnConflict(parts, surveyed, { act: (fresh) => undoService(parts, fresh), fail });
    } catch (error) {
      yield fail(error as Error);
    }
  }
}

async function undoService(parts: GuardParts, surveyed: SurveyedService): Promise<UndoResult> {
  const { service, last, observed } = surveyed;
  const before = observed.configuration;
  const restoration = restorationAfter(last, before);
  if (restoration === null) return { service, outcome: 'untouched', because: null, changes: 0 };
  const { after, alarms } = restoration;
  const changes = restoration.changes.length + alarms.length;
  if (observed.rollout !== null) {
    const returnsAt = endOfRollout(surveyed);
    return { service, outcome: 'busy', because: 'a rollout is under way', changes, returnsAt };
  }
  const isRestored = restoration.changes.length === 0;
  if (!isRestored) await confirmSurvey(parts, surveyed);
  const parameters = parametersToChange(before, after);
  const updated = isRestored ? null : await parts.protections.update(service, parameters);
  // ECS has to let go of the alarms first.
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
