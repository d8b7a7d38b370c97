import type { ServiceArn } from '../../../state-machines/log/identifiers';
import { defaultPolicy } from '../../../state-machines/log/policy';
import { rolloutKey } from '../../../state-machines/log/rollout-id';
import { type RolloutRecord, rolloutRecordsIn } from '../../../state-machines/service/history/rollout-record';
import type { ServiceState } from '../../../state-machines/service/service-state';
import type { EventLog, HistoryLog } from '../../event-log/event-log';
import { readState } from '../../event-log/snapshot';
import type { OperatorClients } from '../../runtime/operator-clients';
import { askAws } from '../terminal/aws-options';
import { CommandError, exitCode } from '../terminal/exit-code';
import type { PlaceOptions } from './place-options';

/** Where a person looks and acts: their clients, and the log that Rewind keeps there. */
export interface Session {
  readonly clients: OperatorClients;
  /** Null where no stack of Rewind is: then ECS alone is asked. */
  readonly log: SessionLog | null;
}

export interface SessionLog {
  readonly table: string;
  readonly events: EventLog & HistoryLog;
}

/**
 * Makes the clients and finds the table: the one that is named, or that of the stage, or of the
 * only stack there is. Throws CommandError.
 */
export async function openOperatorSession(options: PlaceOptions): Promise<Session> {
  const { OperatorClients } = await import('../../runtime/operator-clients');
  const clients = new OperatorClients(options);
  const table = await tableOf(clients, options);
  if (table === null) return { clients, log: null };
  const { dynamoDbEventLog } = await import('../../event-log/dynamodb-event-log');
  return { clients, log: { table, events: dynamoDbEventLog({ client: clients.dynamoDb(), table }) } };
}

/** The session of a command that is nothing without the log. Throws CommandError. */
export async function openLoggedSession(
  options: PlaceOptions,
): Promise<Session & { readonly log: SessionLog }> {
  const { clients, log } = await openOperatorSession(options);
  if (log !== null) return { clients, log };
  throw noStack();
}

/** The table of the event log. AWS is asked only where none is named. Throws CommandError. */
export async function requiredTable(options: PlaceOptions): Promise<string> {
  const named = tableNamedBy(options);
  if (named !== null) return named;
  const { OperatorClients } = await import('../../runtime/operator-clients');
  const table = await tableOf(new OperatorClients(options), options);
  if (table === null) throw noStack();
  return table;
}

function noStack(): CommandError {
  const sentence =
    'no stack of Rewind is in this account and region: name it with --stage, or its table with --table or REWIND_TABLE';
  return new CommandError(sentence, exitCode.usage);
}

/** A stage that is named means its own table, whatever the environment says. */
export function tableNamedBy({ table, stage }: PlaceOptions): string | null {
  return (table ?? (stage === undefined ? process.env.REWIND_TABLE : undefined)) || null;
}

async function tableOf(clients: OperatorClients, options: PlaceOptions): Promise<string | null> {
  const named = tableNamedBy(options);
  if (named !== null) return named;
  const stage = options.stage ?? process.env.REWIND_STAGE;
  const { stackTables } = await import('../../aws/operator/stack-tables');
  const name = stage ? `rewind-${stage}` : null;
  const found = await askAws('the stacks of CloudFormation', async () =>
    stackTables(await clients.cloudFormation(), name),
  );
  const [first, ...others] = found;
  if (first === undefined && name !== null) {
    throw new CommandError(`there is no stack ${name} in this account and region`, exitCode.noInput);
  }
  if (others.length > 0) {
    const list = found.map(({ stack }) => stack.replace(/^rewind-/, ''));
    throw new CommandError('there are several stages of Rewind: name one with --stage', exitCode.usage, {
      list,
    });
  }
  return first?.table ?? null;
}

/** What the log tells of a service now: its snapshot, and the events since. */
export async function readServiceState(
  { table, events }: SessionLog,
  service: ServiceArn,
): Promise<ServiceState> {
  return askAws(`the table ${table}`, () => readState(events, { service, policy: defaultPolicy }));
}

/** The rollouts of a service, live and concluded, newest first: one query beside the state. */
export async function readRollouts(
  { table, events }: SessionLog,
  {
    service,
    state,
    atMost,
  }: { readonly service: ServiceArn; readonly state: ServiceState; readonly atMost: number },
): Promise<RolloutRecord[]> {
  const concluded = await askAws(`the table ${table}`, () => events.rollouts(service, atMost));
  const known = new Set(concluded.map(rolloutKey));
  // A pass may be revoked after the conclusion: what goes on says more than what was kept.
  const live = rolloutRecordsIn(state).filter(
    (record) => record.phase !== 'done' || !known.has(rolloutKey(record)),
  );
  const going = new Set(live.map(rolloutKey));
  const ended = concluded.filter((record) => !going.has(rolloutKey(record)));
  return [...live, ...ended].sort((a, b) => b.startedAt - a.startedAt).slice(0, atMost);
}
