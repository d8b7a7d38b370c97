import {
  partsOfService,
  type ServiceArn,
  shortTaskDefinition,
} from '../../../../state-machines/log/identifiers';
import type { Instant } from '../../../../state-machines/log/instant';
import { isRollback } from '../../../../state-machines/rollout/rollout-context';
import type { RolloutRecord } from '../../../../state-machines/service/history/rollout-record';
import type { ServiceState } from '../../../../state-machines/service/service-state';
import type { RolloutCommits } from '../../commits/rollout-commits';
import { consoleAddress } from '../../open/console-address';
import { revisionsKnown, standingOfRevision } from '../../rollback/rollback-candidates';
import {
  commitWords,
  rolloutStandingOf,
  runsOf,
  whoOf,
  whyOf,
} from '../../session/rollouts/rollout-standing';
import { readRollouts, readServiceState } from '../../session/session';
import type { ListedRollout, RevisionEntry, ServiceEntry, ServiceHold, ServicePage } from './dashboard-data';
import type { DashboardSource } from './dashboard-source';

const rolloutsListed = 50;

/** A service as the list shows it: its snapshot and its last rollouts. Throws CommandError. */
export async function readServiceEntry(source: DashboardSource, service: ServiceArn): Promise<ServiceEntry> {
  const { state, records } = await readService(source, service, 2);
  return serviceEntryOf({ service, state, records, now: source.now() });
}

/**
 * A service as it is shown by itself, with the commits of its revisions as far as somebody looks
 * for them (null: only those that the log tells). Throws CommandError.
 */
export async function readServicePage(
  source: DashboardSource,
  service: ServiceArn,
  commits: RolloutCommits | null,
): Promise<ServicePage> {
  const { state, records } = await readService(source, service, rolloutsListed);
  await commits?.look(records);
  const commitIn = (record: RolloutRecord) =>
    commitWords(commits === null ? (record.act?.commit ?? null) : commits.of(record));
  const now = source.now();
  return {
    entry: serviceEntryOf({ service, state, records, now }),
    rollouts: records.map((record) => ({ ...listedRollout(record, now), commit: commitIn(record) })),
    revisions: revisionEntries(state, records, commitIn),
    consoleAddress: consoleAddress(service, 'deployments'),
  };
}

async function readService({ name, events, session }: DashboardSource, service: ServiceArn, atMost: number) {
  const log = session?.log ?? { table: name.name, events, folds: new Map() };
  const state = await readServiceState(log, service);
  return { state, records: await readRollouts(log, { service, state, atMost }) };
}

interface KnownService {
  readonly service: ServiceArn;
  readonly state: ServiceState;
  /** Newest first. */
  readonly records: readonly RolloutRecord[];
  readonly now: Instant;
}

function serviceEntryOf({ service, state, records, now }: KnownService): ServiceEntry {
  const { path, region, account } = partsOfService(service);
  const [newest] = records;
  const takenBack =
    newest?.rollbackOf == null
      ? undefined
      : records.find(({ deployment }) => deployment === newest.rollbackOf);
  const isNeeded = [newest, takenBack].some(
    (record) => record !== undefined && rolloutStandingOf(record, now).needsSomebody,
  );
  const isLive = newest !== undefined && newest.phase !== 'done';
  return {
    service,
    path,
    region,
    account,
    standing: isNeeded ? 'needsYou' : isLive ? 'live' : 'quiet',
    rollout: newest === undefined ? null : listedRollout(newest, now),
    stable: stableName(state, newest),
    hold: holdOf(state, newest, now),
    gate: openGateOf(newest),
    bakesSince: bakeStart(state, newest),
  };
}

function stableName({ memory }: ServiceState, newest: RolloutRecord | undefined): string | null {
  const known = [...memory.proven, ...(memory.stable === null ? [] : [memory.stable])];
  const other = known.find(({ taskDefinition }) => taskDefinition !== newest?.taskDefinition);
  return other === undefined ? null : shortTaskDefinition(other.taskDefinition);
}

function holdOf(
  { memory }: ServiceState,
  newest: RolloutRecord | undefined,
  now: Instant,
): ServiceHold | null {
  const { stop, pause, freeze } = memory;
  if (stop != null) return { kind: 'stopped', until: null, by: stop.by, reason: stop.reason };
  if (pause !== undefined && pause.until > now && pause.deployment === newest?.deployment) {
    return { kind: 'paused', until: pause.until, by: pause.by, reason: pause.reason };
  }
  if (freeze === undefined || (freeze.until !== null && freeze.until <= now)) return null;
  return { kind: 'frozen', until: freeze.until, by: freeze.by, reason: freeze.reason };
}

function openGateOf(newest: RolloutRecord | undefined): ServiceEntry['gate'] {
  const gate = newest?.progress?.gate ?? null;
  return gate && { stage: gate.stage, until: gate.expiresAt };
}

function bakeStart({ rollouts }: ServiceState, newest: RolloutRecord | undefined): number | null {
  const live = rollouts.find(
    ({ phase, context }) => phase === 'baking' && context.deployment === newest?.deployment,
  );
  const { dueAt, policy } = live?.context ?? {};
  return dueAt == null || policy === undefined ? null : dueAt - policy.bakeSeconds * 1000;
}

/** A rollout as a list shows it. The time that it has left is counted by whoever looks. */
function listedRollout(record: RolloutRecord, now: Instant): ListedRollout {
  const { deployment, startedAt, endedAt, dueAt, phase, outcome, verdict, tasks } = record;
  return {
    ...{ deployment, startedAt, endedAt, dueAt, phase, outcome, verdict, tasks },
    isRollback: isRollback(record),
    runs: runsOf(record),
    mark: rolloutStandingOf({ ...record, dueAt: null }, now),
    who: whoOf(record, null),
    why: whyOf(record),
    commit: commitWords(record.act?.commit ?? null),
  };
}

function revisionEntries(
  state: ServiceState,
  records: readonly RolloutRecord[],
  commitIn: (record: RolloutRecord) => string,
): RevisionEntry[] {
  const [newest] = records;
  const stable = stableName(state, newest);
  return revisionsKnown(state, records, null)
    .map(({ taskDefinition }) => {
      const record = records.find((one) => one.taskDefinition === taskDefinition);
      const name = shortTaskDefinition(taskDefinition);
      const told = records.filter((one) => one.taskDefinition === taskDefinition).map(commitIn);
      return {
        name,
        standing: standingOfRevision(taskDefinition, state, records),
        isRunning: taskDefinition === newest?.taskDefinition,
        isStable: name === stable,
        commit: told.find((words) => words !== '') ?? '',
        startedAt: record?.startedAt ?? null,
      };
    })
    .sort((a, b) => (b.startedAt ?? 0) - (a.startedAt ?? 0));
}
