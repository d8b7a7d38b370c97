import { shortTaskDefinition } from '../../../state-machines/log/identifiers';
import type { Instant } from '../../../state-machines/log/instant';
import { timeSpan } from '../session/relative-time';
import { commitWords, whoOf, whyOf } from '../session/rollouts/rollout-standing';
import { formatTextTable } from '../session/text-table';
import { objectionTo, type RollbackCandidate } from './rollback-candidates';
import type { RollbackPlan } from './rollback-plan';

/** Candidates, a line each: what it is, what became of it here, and what stands in the way. */
export function candidateLines(
  candidates: readonly RollbackCandidate[],
  { now, indent }: { readonly now: Instant; readonly indent: number },
): string[] {
  return formatTextTable(
    candidates.map((candidate) => candidateCells(candidate, now)),
    { indent, yields: 2, foldsLast: true },
  );
}

function candidateCells(candidate: RollbackCandidate, now: Instant): string[] {
  const { wayBack, record, standing, status, hasMoved, commit, image } = candidate;
  const notes = [
    standing === 'failed' && record !== null ? (whyOf(record) ?? '') : '',
    status === 'INACTIVE' ? 'INACTIVE: a copy will be registered' : '',
    image === 'unknown' ? 'image not looked at' : '',
    hasMoved ? 'its tag is another image now: will be pinned to the one that ran' : '',
    objectionTo(candidate) ?? '',
  ];
  return [
    shortTaskDefinition(wayBack.taskDefinition),
    standing,
    commitWords(commit),
    record === null ? '' : `${timeSpan(record.startedAt, now)} ago`,
    record === null ? '' : whoOf(record, null),
    notes.filter((note) => note !== '').join('; '),
  ];
}

/** What will be done, before anybody is asked. */
export function* planLines({
  view,
  candidate,
  serviceDeployment,
  gate,
  byCopy,
}: RollbackPlan): Generator<string> {
  const { path, primary, owner } = view;
  const target = shortTaskDefinition(candidate.wayBack.taskDefinition);
  const method =
    serviceDeployment === null
      ? `UpdateService${byCopy ? ' to a copy of it, pinned to the images that ran' : ''}`
      : `${gate === null ? 'StopServiceDeployment' : `ROLLBACK at ${gate.stage}`}: ECS gives the whole service revision back`;
  yield `${path}: ${shortTaskDefinition(primary.taskDefinition)} → ${target} (${candidate.standing}), by ${method}`;
  if (candidate.hasMoved && !byCopy && serviceDeployment === null) {
    yield `  a tag of ${target} points to another image now: without --pin, that one may be started`;
  }
  if (candidate.wayBack.images === null)
    yield `  the digests that ran are not known: what its tags name now is started`;
  if (owner !== null)
    yield `  ${owner} manages ${path}, and may deploy ${shortTaskDefinition(primary.taskDefinition)} again`;
}
