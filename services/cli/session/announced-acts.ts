import { partsOfService, type ServiceArn } from '../../../state-machines/log/identifiers';
import { counted } from '../../sentences/quantities';
import { type ExitCode, exitCode } from '../terminal/exit-code';
import { printJson, printText } from '../terminal/streams/standard-output';
import type { ActOptions } from './act-options';
import { confirmChange } from './confirmation';
import type { Session } from './session';
import { type ActToTell, tellAct } from './told-act';

/** What is nothing but told: the log alone changes. */
export interface AnnouncedActs {
  readonly acts: readonly { readonly service: ServiceArn; readonly act: ActToTell }[];
  /** What the services are then. */
  readonly words: string;
  /** The command that undoes it, without the services; null where nothing has to. */
  readonly undo: string | null;
  /** What else is done, once it is agreed to. */
  readonly alsoDo?: () => Promise<void>;
}

/** Asks, tells Rewind of each service, and says how to undo it. Throws CommandError. */
export async function announceActs(
  session: Session,
  { acts, words, undo, alsoDo }: AnnouncedActs,
  options: ActOptions,
): Promise<ExitCode> {
  const services = acts.map(({ service }) => service);
  const paths = services.map((service) => partsOfService(service).path);
  const what = `${counted(services.length, 'service')} (${paths.join(', ')})`;
  const isAgreed = !options.dryRun && (await confirmChange(`${what}: ${words}?`, options));
  if (isAgreed) {
    for (const { service, act } of acts) await tellAct(session, service, act);
    await alsoDo?.();
  }
  const undoing = undo === null || !isAgreed ? '' : `; to undo: rewind ${undo} ${paths.join(' ')}`;
  const sentence = `${what}: ${options.dryRun ? 'would be ' : ''}${words}${undoing}`;
  const document = { schema: 'rewind.act/1', sentence, isDone: isAgreed, services };
  if (options.format === 'json') await printJson([`${JSON.stringify(document, null, 2)}\n`]);
  else if (isAgreed || options.dryRun) await printText([`${sentence}\n`]);
  return isAgreed ? exitCode.done : exitCode.changesPending;
}
