import type { Look } from '../../state-machines/decisions/decision';
import type { Answer, Seen, ServiceView, Silence } from '../../state-machines/decisions/situation';
import { InvariantError } from '../../state-machines/log/foundation/invariant';
import { InvalidIdentifierError, type ServiceArn } from '../../state-machines/log/identifiers';
import type { Policy } from '../../state-machines/log/policy';
import type { Alarms } from '../aws/alarms/alarms';
import { AccountNotConfiguredError, type Ecs, isDenied } from '../aws/ecs/ecs';
import type { KillSwitch } from '../aws/kill-switch';
import type { Measurements } from '../aws/measurements/measurements';
import type { ReleaseTests } from '../aws/tests/release-tests';
import type { EventLog } from '../event-log/event-log';
import type { PolicyFile } from '../policy/policy-file';
import { type Tag, withTags } from '../policy/policy-tags';
import { lookAtAlarms } from './look-at-alarms';

/** Where a reconciler looks. */
export interface Sources {
  readonly ecs: Ecs;
  readonly alarms: Alarms;
  /** Left out where nothing can be measured: that is what is recorded then. */
  readonly measurements?: Measurements;
  /** There are none in observe mode, and no right to run one. */
  readonly tests?: ReleaseTests;
  readonly policies: PolicyFile;
  /** What may be done at most, whatever a policy or a tag says; enforce if left out. */
  readonly mode?: Policy['mode'];
  /** There is none in observe mode, and no right to read one. */
  readonly killSwitch?: KillSwitch;
}

/**
 * Looks at what a decision asks for. AWS's refusals and outages are answers too: it never throws
 * them. Throws what the log throws.
 */
export async function look(
  sources: Sources & { readonly eventLog: EventLog },
  service: ServiceArn,
  wanted: Look,
): Promise<Partial<Seen>> {
  switch (wanted.at) {
    case 'service': {
      const { question } = wanted;
      const answer = await answerTo(() => serviceView(sources, service, wanted));
      return { service: { question, answer } };
    }
    case 'alarms': {
      const { names } = wanted;
      return { alarms: { names, answer: await answerTo(() => sources.alarms.read(names, service)) } };
    }
    case 'alarmChanges':
      return { alarmChanges: [await lookAtAlarms(sources.eventLog, service, wanted.question)] };
    case 'facts':
      return { facts: { until: wanted.until, answer: await answerTo(() => sources.ecs.facts(service)) } };
    case 'plan': {
      const { question } = wanted;
      return { plan: { question, answer: await measuredBy(sources, (by) => by.plan(service, question)) } };
    }
    case 'measurements': {
      const { question } = wanted;
      const answer = await measuredBy(sources, (by) => by.read(service, question));
      return { measurements: { question, answer } };
    }
    case 'testTask': {
      const { task, test } = wanted;
      return { testTasks: [{ task, answer: await testedBy(sources, (by) => by.look(service, task, test)) }] };
    }
    case 'killSwitch':
      return { killSwitch: { heldBecause: await heldBecause(sources) } };
    default:
      return wanted satisfies never;
  }
}

async function measuredBy<Shown>(
  { measurements }: Sources,
  ask: (by: Measurements) => Promise<Shown>,
): Promise<Answer<Shown>> {
  if (measurements !== undefined) return answerTo(() => ask(measurements));
  return { kind: 'denied', reason: 'NotDeployed', message: 'this Rewind has nothing to measure with' };
}

async function testedBy<Shown>(
  { tests }: Sources,
  ask: (by: ReleaseTests) => Promise<Shown>,
): Promise<Answer<Shown>> {
  if (tests !== undefined) return answerTo(() => ask(tests));
  return { kind: 'unreachable', reason: 'NotDeployed', message: 'this Rewind has nothing to test with' };
}

async function serviceView(
  sources: Sources,
  service: ServiceArn,
  { question }: Extract<Look, { at: 'service' }>,
): Promise<ServiceView> {
  const { observed, tags } = await sources.ecs.observe(service, question);
  const { policy, problems } = await policyOf(sources, service, tags);
  const alarms = question.isForOpening ? await sources.alarms.read(policy.alarms, service) : [];
  const observesBecause = policy.mode === 'observe' ? whyObserved(sources, problems) : null;
  return { observed, policy, policyProblems: problems, observesBecause, alarms };
}

/**
 * The file's policy for the service, its tags over it, and no more than Rewind is deployed to do.
 */
async function policyOf({ policies, mode }: Sources, service: ServiceArn, tags: readonly Tag[]) {
  const { policy, problems } = await withTags(policies.policyFor(service), tags, policies.taggable);
  return { policy: limitedTo(mode, policy), problems };
}

/** A policy, and no more than Rewind is deployed to do. */
export function limitedTo(mode: Policy['mode'] | undefined, policy: Policy): Policy {
  return mode === 'observe' ? { ...policy, mode } : policy;
}

const deployedToObserve = 'Rewind is deployed to observe only';

function whyObserved({ mode }: Sources, [problem]: readonly string[]): string {
  if (mode === 'observe') return deployedToObserve;
  return problem ?? 'the policy file or a tag of the service says observe';
}

/** Why people keep Rewind from writing to ECS; null when they do not. */
export async function heldBecause({
  mode,
  killSwitch,
}: Pick<Sources, 'killSwitch' | 'mode'>): Promise<string | null> {
  if (mode === 'observe') return deployedToObserve;
  return (await killSwitch?.heldBecause()) ?? null;
}

async function answerTo<Shown>(ask: () => Promise<Shown>): Promise<Answer<Shown>> {
  try {
    return { kind: 'shown', shown: await ask() };
  } catch (error) {
    return silenceOf(error);
  }
}

/** What an error says of the silence that it led to, as data. */
export function silenceOf(error: unknown): Silence {
  const { name: reason, message } = error instanceof Error ? error : new Error(String(error));
  if (isOwnFault(error)) return { kind: 'faulty', reason, message };
  if (error instanceof AccountNotConfiguredError) return { kind: 'outOfReach', reason, message };
  return { kind: isDenied(error) ? 'denied' : 'unreachable', reason, message };
}

const faults = [InvariantError, InvalidIdentifierError, TypeError, RangeError, ReferenceError, SyntaxError];

/**
 * Whether the code is wrong, and not AWS silent. What the SDK throws over an answer of AWS, even
 * one that it cannot read, carries its metadata or the answer.
 */
function isOwnFault(error: unknown): boolean {
  const isAboutAnswer = '$metadata' in Object(error) || '$response' in Object(error);
  return faults.some((fault) => error instanceof fault) && !isAboutAnswer;
}
