import type { ServiceArn } from '../../../state-machines/log/identifiers';
import type { RolloutRecord } from '../../../state-machines/service/history/rollout-record';
import type { ServiceState } from '../../../state-machines/service/service-state';
import type { TableOfStack } from '../../aws/operator/stack-tables';
import type { EventLog, HistoryLog } from '../../event-log/event-log';
import type { OperatorClients } from '../../runtime/operator-clients';
import { askAws } from '../terminal/aws-options';
import { CommandError, exitCode } from '../terminal/exit-code';
import type { PlaceOptions } from './place-options';
import type { KnownFolds } from './rollouts/known-service';

/** Where a person looks and acts: their clients, and the log that Rewind keeps there. */
export interface Session {
  readonly clients: OperatorClients;
  /** Null where no stack of Rewind is: then ECS alone is asked. */
  readonly log: SessionLog | null;
}

export interface SessionLog {
  readonly table: string;
  readonly events: EventLog & HistoryLog;
  /** What is kept from one look to the next; nothing if left out. */
  readonly folds?: KnownFolds;
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
  const events = dynamoDbEventLog({ client: clients.dynamoDb(), table });
  return { clients, log: { table, events, folds: new Map() } };
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
  const only = onlyStack(found);
  if (only === null && name !== null) {
    throw new CommandError(`there is no stack ${name} in this account and region`, exitCode.noInput);
  }
  return only?.table ?? null;
}

/** Null where there is none. Throws CommandError where nobody can know which is meant. */
export function onlyStack(found: readonly TableOfStack[]): TableOfStack | null {
  const [first = null, ...others] = found;
  if (others.length === 0) return first;
  const list = found.map(({ stack }) => stack.replace(/^rewind-/, ''));
  throw new CommandError('there are several stages of Rewind: name one with --stage', exitCode.usage, {
    list,
  });
}

/** What the log tells of a service now: its snapshot, and the events since. */
export async function readServiceState(
  { table, events, folds = new Map() }: SessionLog,
  service: ServiceArn,
): Promise<ServiceState> {
  const { foldedState } = await import('./rollouts/known-service');
  return askAws(`the table ${table}`, () => foldedState(events, service, folds));
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
  const { rolloutsIn } = await import('./rollouts/known-service');
  const concluded = await askAws(`the table ${table}`, () => events.rollouts(service, atMost));
  return rolloutsIn(state, concluded).slice(0, atMost);
}
