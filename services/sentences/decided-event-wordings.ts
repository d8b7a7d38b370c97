import type {
  AlarmsChecked,
  DecidedEvent,
  Outcome,
  RollbackIssued,
  RollbackRejected,
  RolloutOpened,
} from '../../state-machines/log/decided-events';
import { shortTaskDefinition } from '../../state-machines/log/identifiers';
import { formatInstant } from '../../state-machines/log/instant';
import { wholePolicy } from '../../state-machines/log/policy';
import type { GateOvertaken } from '../../state-machines/log/traffic/gate-events';
import type { TestEnded } from '../../state-machines/log/traffic/test-events';
import { isRollback } from '../../state-machines/rollout/rollout-context';
import { fullPlanSentence, measurementSentence, planSentence } from './measurement-words';
import { revisionWords } from './revision-words';
import { againWords, postponementSentence } from './rollout-words';
import type { Wordings } from './wording';

/** What Rewind decided, in words. */
export const decidedEventWordings: Wordings<DecidedEvent> = {
  RolloutOpened: {
    short: (event, deploymentName) => watchSentence(event, deploymentName(event.deployment)),
    full: (event) => {
      const stable = event.stable === null ? 'nothing' : shortTaskDefinition(event.stable);
      const problems = (event.policyProblems ?? []).map((problem) => `; ${problem}`).join('');
      const kind = isRollback(event) ? 'rollback' : 'rollout';
      return `took the ${kind} up${againWords(event)}; ${stable} is stable; ${policySentence(event)}${problems}`;
    },
  },
  AnalysisPlanned: {
    short: ({ deployment, plan }, deploymentName) =>
      `what users of ${deploymentName(deployment)} get: ${planSentence(plan)}`,
    full: ({ plan }) => `what users get: ${fullPlanSentence(plan)}`,
  },
  MeasurementTaken: { short: measurementSentence, full: measurementSentence },
  AlarmsChecked: { short: alarmsSentence, full: alarmsSentence },
  BakeElapsed: {
    short: ({ deployment }, deploymentName) => `the bake of ${deploymentName(deployment)} is over`,
    full: () => 'the bake is over',
  },
  DeadlineElapsed: {
    short: ({ deployment }, deploymentName) => `the deadline of ${deploymentName(deployment)} has passed`,
    full: () => 'the deadline has passed',
  },
  StallElapsed: {
    short: ({ deployment }, deploymentName) => `new tasks of ${deploymentName(deployment)} do not get up`,
    full: () => 'new tasks have not got up for as long as the policy allows',
  },
  HoldElapsed: {
    short: ({ deployment }, deploymentName) =>
      `the verdict on ${deploymentName(deployment)} has waited long enough`,
    full: () => 'the verdict was postponed for as long as it may be',
  },
  VerdictPostponed: {
    short: ({ deployment, reason }, deploymentName) =>
      `postpones the verdict on ${deploymentName(deployment)}: ${postponementSentence(reason)}`,
    full: ({ reason, until }) =>
      `postpones the verdict until ${formatInstant(until).slice(11, 19)} at the latest: ${postponementSentence(reason)}`,
  },
  SuspicionLifted: {
    short: ({ deployment }, deploymentName) =>
      `what spoke against ${deploymentName(deployment)} is over, and was something else`,
    full: () => 'what spoke against the rollout is over, and was something else',
  },
  SightLost: {
    short: ({ because }) => `AWS has not answered for an hour: ${because}`,
    full: ({ since, because }) => `AWS has not answered since ${formatInstant(since)}: ${because}`,
  },
  VerdictReached: {
    short: ({ deployment, verdict: { result, reason, message } }, deploymentName) =>
      `verdict on ${deploymentName(deployment)}: ${result} (${reason}): ${message}`,
    full: ({ verdict: { result, reason, message, eventId } }) =>
      `verdict ${result} (${reason}): ${message}; tipped by ${eventId}`,
  },
  PassRevoked: {
    short: ({ deployment, verdict: { reason, message } }, deploymentName) =>
      `revokes the pass of ${deploymentName(deployment)} (${reason}): ${message}`,
    full: ({ verdict: { reason, message, eventId } }) =>
      `revokes the pass (${reason}): ${message}; tipped by ${eventId}`,
  },
  RollbackRequested: {
    short: ({ target, attempt }) =>
      `requests the rollback to ${shortTaskDefinition(target)}${attempt === 1 ? '' : `, attempt ${attempt}`}`,
    full: ({ target, attempt, owner, leaseUntil, ...revision }) =>
      `requests the rollback to ${shortTaskDefinition(target)}, attempt ${attempt} by ${owner} until ${formatInstant(leaseUntil).slice(11, 19)}${revisionWords(revision)}`,
  },
  RollbackIssued: {
    short: ({ method }) => `calls ${method}: ECS accepts it`,
    full: (event) =>
      `calls ${event.method}, and ECS accepts it (request ${event.requestId ?? 'unknown'}); ${wayBack(event)}`,
  },
  RollbackRejected: { short: rejectionSentence, full: rejectionSentence },
  RollbackAdopted: {
    short: ({ by }) => adoptionSentence(by === 'ecs' ? 'ECS' : by),
    full: ({ by }) => adoptionSentence(by),
  },
  GateHeld: {
    short: ({ stage, missing }) => `the gate at ${stage} waits for a person: ${missing.join('; ')}`,
    full: ({ stage, missing, reason }) =>
      `holds the gate at ${stage} for a person (${reason}): ${missing.join('; ')}`,
  },
  GateDecided: {
    short: ({ stage, answer, because }) => `decides ${answer} at ${stage}: ${because}`,
    full: ({ stage, answer, because, judgements }) =>
      `decides ${answer} at ${stage}: ${because} (${judgements.join('; ')})`,
  },
  GateAnswered: {
    short: ({ stage }) => `calls ContinueServiceDeployment: ECS goes on from ${stage}`,
    full: ({ stage, requestId }) =>
      `calls ContinueServiceDeployment at ${stage}, and ECS accepts it (request ${requestId ?? 'unknown'})`,
  },
  GateOvertaken: { short: overtakingSentence, full: overtakingSentence },
  TestBegun: {
    short: ({ test, attempt }) => `runs the test ${test}${again(attempt)}`,
    full: ({ test, attempt, task }) =>
      `runs the test ${test}${again(attempt)} as the task ${task.split('/').at(-1)}`,
  },
  TestEnded: {
    short: testSentence,
    full: ({ evidence, ...ended }) =>
      evidence.length === 0
        ? testSentence(ended)
        : `${testSentence(ended)}; it wrote: ${evidence.join(' | ')}`,
  },
  RolloutConcluded: {
    short: ({ deployment, outcome }, deploymentName) => conclusions[outcome](deploymentName(deployment)),
    full: ({ outcome, reason }) => `concludes: ${outcome} (${reason})`,
  },
};

function overtakingSentence({ stage, found }: GateOvertaken): string {
  const how = found === 'HOOK_TIMED_OUT' ? 'ECS answered it by its time-out' : 'somebody else answered it';
  return `the gate at ${stage} is over: ${how}`;
}

function testSentence({ test, attempt, result, message }: Omit<TestEnded, 'evidence'>): string {
  const how = result === 'error' ? 'could not be run' : result;
  return `the test ${test} ${how}${again(attempt)}: ${message}`;
}

function again(attempt: number): string {
  return attempt === 1 ? '' : ` (attempt ${attempt})`;
}

const conclusions: { readonly [outcome in Outcome]: (name: string) => string } = {
  succeeded: (name) => `${name} is stable now`,
  rolledBack: (name) => `the rollback has settled; the rollout of ${name} is over: rolledBack`,
  rollbackFailed: (name) => `the rollout of ${name} is over: rollbackFailed`,
  superseded: (name) => `the rollout of ${name} is over: a newer deployment took its place`,
  noSafeTarget: (name) => `the rollout of ${name} failed, and there is nothing safe to go back to`,
  notEnforced: (name) => `the rollout of ${name} is over: notEnforced, nobody took it back`,
  abandoned: () => 'the service is gone',
};

function watchSentence(event: RolloutOpened, name: string): string {
  const { stable, rollbackOf, policy } = event;
  if (isRollback(event)) return `watches the rollback to ${name}${rollbackOf === null ? '' : ' as well'}`;
  const verb = policy.mode === 'observe' ? 'only observes' : 'watches';
  const back =
    stable === null ? 'nothing has proven itself here yet' : `${shortTaskDefinition(stable)} is stable`;
  return `${verb} the rollout of ${name}${againWords(event)}; ${back}`;
}

function policySentence({ policy, madeWith }: RolloutOpened): string {
  const { mode, failurePercent, minimumFailures, bakeSeconds, failureRule, evidenceRatio } =
    wholePolicy(policy);
  const alarms = policy.alarms.length === 0 ? '' : `, alarms ${policy.alarms.join(', ')}`;
  const enough =
    failureRule === 'evidence' ? `evidence of ${evidenceRatio} to 1` : `more than ${failurePercent} %`;
  const limit = `${enough} and at least ${minimumFailures} failed tasks fail it`;
  return `policy ${madeWith.policyVersion}: ${mode}, ${limit}, bake ${bakeSeconds} s${alarms}`;
}

function alarmsSentence({ alarms }: AlarmsChecked): string {
  const readings = alarms.map(({ alarm, state }) => `${alarm} ${state}`);
  return `asked for the alarms: ${readings.join(', ') || 'the policy names none'}`;
}

function wayBack({ target, rollbackDeployment, copy, ...revision }: RollbackIssued): string {
  const deployment = rollbackDeployment === null ? '' : `, as ${rollbackDeployment}`;
  const byCopy = copy === undefined ? '' : `, by its copy ${shortTaskDefinition(copy)}`;
  return `back to ${shortTaskDefinition(target)}${byCopy}${deployment}${revisionWords(revision)}`;
}

function rejectionSentence({ reason, message }: RollbackRejected): string {
  return `cannot roll back: ${reason}: ${message}`;
}

function adoptionSentence(by: string): string {
  return `adopts the rollback by ${by}: nothing is written to ECS`;
}
