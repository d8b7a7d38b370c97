import type { ServiceArn } from '../../state-machines/log/identifiers';
import { changesBetween } from '../../state-machines/protection/effective-configuration';
import { SomebodyElseWroteError } from './guard-stream';
import { isSurveyed, type Surveyed, type SurveyParts, survey, type Unsurveyed } from './survey';

/** How often a service is looked at again because somebody else changed it, or wrote to its stream, meanwhile. */
const conflictsAtMost = 5;

/** What is done with one service, and what is answered where it could not be done. */
interface Handling<Result> {
  readonly service: ServiceArn;
  act(surveyed: Surveyed): Promise<Result>;
  fail(error: Error): Result;
}

/** Acts on what was surveyed, and on a fresh look where somebody else came first. What else `act` throws is passed on. */
export async function undisturbed<Result>(
  parts: SurveyParts,
  first: Surveyed | Unsurveyed,
  { service, act, fail }: Handling<Result>,
): Promise<Result> {
  let surveyed = first;
  for (let conflicts = 0; conflicts < conflictsAtMost; conflicts += 1) {
    if (!isSurveyed(surveyed)) return fail(surveyed.error);
    try {
      return await act(surveyed);
    } catch (error) {
      if (!(error instanceof SomebodyElseWroteError)) throw error;
    }
    for await (const again of survey(parts, [service])) surveyed = again;
  }
  return fail(new SomebodyElseWroteError(service));
}

/**
 * Directly before a write: throws SomebodyElseWroteError where the service is not as it was surveyed any more. A hundred are surveyed
 * together, and the writes to those before may have taken minutes: time enough for a rollout to start, or for somebody's UpdateService.
 */
export async function confirmAsSurveyed(
  { protections }: Pick<SurveyParts, 'protections'>,
  { service, observed }: Surveyed,
): Promise<void> {
  for await (const now of protections.describe([service])) {
    if ('error' in now) throw now.error;
    const isMoved = changesBetween(observed.configuration, now.configuration).length > 0;
    if (isMoved || now.rollout !== null) throw new SomebodyElseWroteError(service);
  }
}
