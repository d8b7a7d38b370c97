import type { Verdict } from '../../../state-machines/log/decided-events';
import { formatInstant, formatInstantOrNull } from '../../../state-machines/log/instant';
import { causeKinds, failureClasses, otherClasses } from '../../../state-machines/log/stopped-task';
import { describeDoubt } from '../../../state-machines/rollout/alarms/doubted-alarm';
import type { Rollback, Rollout, Transition } from '../../../state-machines/rollout/rollout';
import { isRollback } from '../../../state-machines/rollout/rollout-context';
import { measurementsEntry } from '../../sentences/measurements-entry';
import { progressEntry } from '../../sentences/progress-entry';
import type { InputCounts } from '../input/history';

/** What `rewind replay` found. */
export interface Replay {
  readonly input: InputCounts;
  readonly rollouts: readonly Rollout[];
}

/**
 * The document of `--format json`. Its keys and their order are a contract; equal histories give
 * equal bytes.
 */
export function formatReplayDocument({ input, rollouts }: Replay): string {
  const { read, folded, duplicates, ignored, invalid } = input;
  const document = {
    input: { read, folded, duplicates, ignored, invalid },
    rollouts: rollouts.map(rolloutEntry),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function rolloutEntry(rollout: Rollout) {
  return {
    service: rollout.service,
    deployment: rollout.deployment,
    taskDefinition: rollout.taskDefinition,
    rollbackOf: rollout.rollbackOf,
    // Only where it is so: documents of before stay as they were.
    ...(rollout.hasFailedBefore && !isRollback(rollout) ? { hasFailedBefore: true } : {}),
    ...(rollout.by === undefined ? {} : { by: rollout.by }),
    startedAt: formatInstant(rollout.startedAt),
    endedAt: formatInstantOrNull(rollout.endedAt),
    phase: rollout.phase,
    ...progressEntry(rollout.progress),
    outcome: rollout.outcome,
    verdict: rollout.verdict === null ? null : verdictEntry(rollout.verdict),
    ...probationEntry(rollout),
    rollback: rollout.rollback === null ? null : rollbackEntry(rollout.rollback),
    tasks: {
      started: rollout.evidence.started,
      failed: rollout.evidence.failed,
      byClass: countsEntry([...failureClasses, ...otherClasses], rollout.evidence.byClass),
      ...byCauseEntry(rollout.evidence),
    },
    ...evidenceEntry(rollout),
    ...measurementsEntry(rollout),
    ...doubtsEntry(rollout),
    ...otherRuleEntry(rollout),
    transitions: rollout.transitions.map(transitionEntry),
  };
}

function verdictEntry({ result, reason, message, at, eventId, revokes }: Verdict) {
  const entry = { result, reason, message, at: formatInstant(at), eventId };
  if (revokes === undefined) return entry;
  return { ...entry, revokes: { at: formatInstant(revokes.at), eventId: revokes.eventId } };
}

/** Until when the pass may be revoked; only where the history ends before that. */
function probationEntry({ probationUntil }: Rollout) {
  return probationUntil === null ? {} : { probationUntil: formatInstant(probationUntil) };
}

/** The service revision and its images stand in it where they are known. */
function rollbackEntry({ serviceRevision, images, ...rollback }: Rollback) {
  const { by, target, requestedAt, issuedAt, completedAt, deployment } = rollback;
  return {
    by,
    target,
    requestedAt: formatInstant(requestedAt),
    issuedAt: formatInstantOrNull(issuedAt),
    completedAt: formatInstantOrNull(completedAt),
    deployment,
    ...(serviceRevision === null ? {} : { serviceRevision }),
    ...(images === null ? {} : { images }),
  };
}

function transitionEntry({ from, to, at, reason, eventId }: Transition) {
  return { from, to, at: formatInstant(at), reason, eventId };
}

/** What was weighed, against which past; only where the policy asks for that. */
function evidenceEntry({ weighed, postponed, verdict }: Rollout) {
  if (weighed === null) return {};
  const { starts, failedStarts, taskHours, losses, past, ratio, neededRatio } = weighed;
  const isPostponed = postponed !== null && verdict?.result !== 'failed';
  return {
    evidence: {
      starts,
      failedStarts,
      taskHours,
      losses,
      past,
      ratio,
      neededRatio,
      ...(isPostponed
        ? { postponed: { because: postponed.reason, until: formatInstant(postponed.until) } }
        : {}),
    },
  };
}

/** Alarms that were raised and doubted, and why; only where there are some. */
function doubtsEntry({ doubtedAlarms, policy }: Rollout) {
  if (policy.failureRule !== 'evidence') return {};
  const raised = doubtedAlarms.filter(({ raises }) => raises.length > 0);
  const doubts = raised.map((doubted) => ({
    alarm: doubted.alarm,
    raised: doubted.raises.length,
    because: describeDoubt(doubted),
  }));
  return doubts.length === 0 ? {} : { doubtedAlarms: doubts };
}

/** What the other rule about failed tasks says; only of what is observed. */
function otherRuleEntry({ otherRule }: Rollout) {
  if (otherRule === undefined) return {};
  const { failureRule, verdict } = otherRule;
  return { otherRule: { failureRule, verdict: verdict === null ? null : verdictEntry(verdict) } };
}

/** What the failures say of a further try; only where one says something. */
function byCauseEntry({ byCauseKind }: Rollout['evidence']) {
  const byCause = countsEntry(causeKinds, byCauseKind);
  return Object.keys(byCause).length === 0 ? {} : { byCause };
}

/**
 * In the order of the names, not of the events: which one came first is not part of the contract.
 */
function countsEntry<Name extends string>(
  names: readonly Name[],
  counts: { readonly [name in Name]?: number },
) {
  const counted = names.map((name) => [name, counts[name] ?? 0] as const).filter(([, count]) => count > 0);
  return Object.fromEntries(counted);
}
