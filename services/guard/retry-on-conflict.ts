import { changesBetween } from '../../state-machines/protection/effective-configuration';
import { SomebodyElseWroteError } from './guard-stream';
import { type FailedSurvey, isSurveyed, type SurveyedService, type SurveyParts, survey } from './survey';

/** How often a service is surveyed again because somebody else changed it meanwhile. */
const conflictsAtMost = 5;

/** What is done with one service, and the result where it could not be done. */
interface ServiceAct<Result> {
  act(surveyed: SurveyedService): Promise<Result>;
  fail(error: Error): Result;
}

/**
 * Acts on a survey, and on a fresh one where somebody else came first. Throws what else `act`
 * throws.
 */
export async function retryOnConflict<Result>(
  parts: SurveyParts,
  first: SurveyedService | FailedSurvey,
  { act, fail }: ServiceAct<Result>,
): Promise<Result> {
  const { service } = first;
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
 * Reads a service again directly before a write. Throws SomebodyElseWroteError where it is not as
 * it was surveyed: a hundred services are surveyed together, and the writes to the others take
 * minutes, in which a rollout may start or somebody may call UpdateService.
 */
export async function confirmSurvey(
  { protections }: Pick<SurveyParts, 'protections'>,
  { service, observed }: SurveyedService,
): Promise<void> {
  for await (const now of protections.describe([service])) {
    if ('error' in now) throw now.error;
    const isChanged = changesBetween(observed.configuration, now.configuration).length > 0;
    if (isChanged || now.rollout !== null) throw new SomebodyElseWroteError(service);
  }
}
