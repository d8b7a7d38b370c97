import { isServiceArn, partsOfService, type ServiceArn } from '../../../state-machines/log/identifiers';
import { isProbeStream } from '../../notifications/own/probe-stream';
import { globMatcher } from '../../policy/overlay';
import { askAws } from '../terminal/aws-options';
import { CommandError, exitCode } from '../terminal/exit-code';
import { parsedServiceArn, serviceNamed, servicesThere } from '../terminal/service-name';
import { keepListedServices } from './listed-services';
import type { Session } from './session';

/**
 * The services that names mean: an ARN as it is, else among those that the log knows, and where no
 * log is, those that ECS lists. A bare name or cluster/service that fits several accounts is listed
 * and never guessed; a pattern that fits nothing is never a success. Throws CommandError.
 */
export async function chosenServices(session: Session, names: readonly string[]): Promise<ServiceArn[]> {
  if (names.length > 0 && names.every((name) => name.startsWith('arn:'))) return names.map(parsedServiceArn);
  const where = session.log === null ? 'this account and region' : `the table ${session.log.table}`;
  const known = await askAws(where, () => knownServices(session));
  await keepListedServices(known.map((service) => partsOfService(service).path));
  if (names.length === 0) return known;
  const chosen = names.flatMap((name) =>
    /[*?[{]/.test(name) ? fitting(name, known, where) : [named(name, known, where)],
  );
  return [...new Set(chosen)];
}

function named(name: string, known: readonly ServiceArn[], where: string): ServiceArn {
  return name.startsWith('arn:') ? parsedServiceArn(name) : serviceNamed(name, known, where);
}

function fitting(glob: string, known: readonly ServiceArn[], where: string): ServiceArn[] {
  const fits = globMatcher(glob.includes('/') ? glob : `*/${glob}`);
  const found = known.filter((service) => fits(partsOfService(service).path));
  if (found.length > 0) return found;
  throw new CommandError(
    `${glob} fits no service of ${where}; ${servicesThere(known, glob)}`,
    exitCode.noInput,
  );
}

async function knownServices({ log, clients }: Session): Promise<ServiceArn[]> {
  if (log !== null) {
    const { keysOfTable } = await import('../../event-log/table-pages');
    const services: ServiceArn[] = [];
    const keys = keysOfTable({ client: clients.dynamoDb(), table: log.table });
    for await (const key of keys) if (isServiceArn(key) && !isProbeStream(key)) services.push(key);
    return services;
  }
  const { awsInventory } = await import('../../aws/ecs/inventory');
  const services: ServiceArn[] = [];
  for await (const service of awsInventory(clients.ecs()).services()) services.push(service);
  return services;
}

/** The one service of a command that takes no more. Throws CommandError. */
export async function oneService(session: Session, name: string): Promise<ServiceArn> {
  const [service] = await chosenServices(session, [name]);
  if (service === undefined) throw new CommandError(`${name} names no service`, exitCode.noInput);
  return service;
}
