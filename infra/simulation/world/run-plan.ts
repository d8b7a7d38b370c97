import type { RecordedEvent } from '../../../services/event-log/event-log';
import { parseServiceArn } from '../../../state-machines/log/identifiers';
import { type Instant, secondsAfter } from '../../../state-machines/log/instant';
import { activeSeconds } from './drawn-items';
import type { Plan } from './plan';
import { type Act, isTrouble } from './plan-items';
import { policyFileOfPlan } from './policy-of-plan';
import type { ChangedParts } from './rewind-functions';
import type { RunRecord } from './run-record';
import { serviceArnOfRun } from './simulated-account';
import { WholeSystem } from './whole-system';

const stepSeconds = 600;

/** Runs a plan from its first act until nothing is left to do. The same plan, the same record. */
export async function runPlan(plan: Plan, changed: ChangedParts = {}): Promise<RunRecord> {
  const system = new WholeSystem(plan, changed);
  const startedAt = system.time.now();
  const at = (seconds: number) => secondsAfter(startedAt, seconds);
  system.account.begin();
  await system.time.passTo(at(plan.settings.uninstalledSeconds));
  system.install();
  for (const item of plan.items) {
    if (isTrouble(item)) continue;
    if (at(item.at) > system.time.now()) await system.time.passTo(at(item.at));
    act(system, item);
  }
  const installedAt = at(plan.settings.uninstalledSeconds);
  const quietAt = await calm(system, plan, startedAt);
  await settle(system, plan);
  return runRecordOf(system, { plan, startedAt, installedAt, quietAt });
}

/** The end of all troubles that are not for the whole run; then the dead letters come back. */
async function calm(system: WholeSystem, plan: Plan, startedAt: Instant): Promise<Instant> {
  const ends = plan.items.map((item) => item.at + (isTrouble(item) ? item.lastsSeconds : 0));
  const lastAct = Math.max(0, ...plan.items.filter((item) => !isTrouble(item)).map(({ at }) => at));
  const outages = ends.filter((end) => end < activeSeconds * 2);
  const calmAt = Math.max(lastAct + 300, ...outages);
  await system.time.passTo(secondsAfter(startedAt, calmAt));
  system.turmoil.calm();
  system.account.throwSwitch(false);
  system.redrive();
  return system.time.now();
}

/**
 * Until nothing waits but for what is far away; then what is days late arrives, what may revoke a
 * pass for a day ends, and again until nothing waits.
 */
async function settle(system: WholeSystem, { settings: { policy } }: Plan): Promise<void> {
  // Longer than any phase of a run: what is open then is open for ever.
  const longest = policy.deadlineSeconds + 3 * policy.bakeSeconds + 1800;
  await passUntilQuiet(system, longest);
  await passInNoTime(system, system.lastArrivalAt, longest);
  await passInNoTime(system, await nextWakeAt(system), longest);
  // It may have become due between two sweeps, when that had ended.
  const wakesAt = await nextWakeAt(system);
  if (wakesAt !== null && wakesAt <= system.time.now()) await passUntilQuiet(system, stepSeconds);
}

async function passInNoTime(system: WholeSystem, until: Instant | null, longest: number): Promise<void> {
  if (until === null || until <= system.time.now()) return;
  system.pause();
  // Nobody lets a service crash for hours.
  if (until > secondsAfter(system.time.now(), stepSeconds)) system.account.scale(0);
  await system.time.passTo(until);
  system.goOn();
  await passUntilQuiet(system, longest);
}

async function nextWakeAt(system: WholeSystem): Promise<Instant | null> {
  const snapshot = await system.log.readSnapshot(parseServiceArn(serviceArnOfRun));
  return snapshot?.nextWakeAt ?? null;
}

async function passUntilQuiet(system: WholeSystem, seconds: number): Promise<void> {
  const until = secondsAfter(system.time.now(), seconds);
  while (system.time.now() < until) {
    await system.time.passTo(secondsAfter(system.time.now(), stepSeconds));
    const wakesAt = await nextWakeAt(system);
    if (!system.isBusy && (wakesAt === null || wakesAt > until)) return;
  }
}

const acts: {
  readonly [Kind in Act['act']]: (system: WholeSystem, item: Extract<Act, { act: Kind }>) => void;
} = {
  deploy: ({ account }, { release, breaker }) => account.deploy(release, breaker),
  hotfix: ({ account }, { beforeCall }) => account.planHotfix(beforeCall),
  scale: ({ account }, { desiredCount }) => account.scale(desiredCount),
  stopDeployment: ({ account }) => account.stopDeployment(),
  deregisterFirst: ({ account }) => account.deregisterFirst(),
  setAlarm: ({ account }, { state }) => account.setAlarm(state),
  throwSwitch: ({ account }, { isThrown }) => account.throwSwitch(isThrown),
  redrive: (system) => system.redrive(),
};

function act(system: WholeSystem, item: Act): void {
  acts[item.act](system, item as never);
}

async function runRecordOf(
  system: WholeSystem,
  known: Pick<RunRecord, 'plan' | 'startedAt' | 'installedAt' | 'quietAt'>,
): Promise<RunRecord> {
  const service = parseServiceArn(serviceArnOfRun);
  const log: RecordedEvent[] = [];
  for await (const recorded of system.log.read(service, null)) log.push(recorded);
  const { account, appends, emitted, acknowledged, announcements, reconciles } = system;
  const { history, writeCalls, ecsCalls } = account;
  const { rollouts, writes } = history;
  return {
    ...known,
    ...{ log, appends, emitted, acknowledged, announcements, reconciles },
    ...{ rollouts, writes, writeCalls, ecsCalls },
    policies: policyFileOfPlan(known.plan),
    endedAt: system.time.now(),
    snapshot: await system.log.readSnapshot(service),
  };
}
