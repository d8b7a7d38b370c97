import { partsOfService, type ServiceArn } from '../../../state-machines/log/identifiers';
import { counted } from '../../sentences/quantities';
import { type ExitCode, exitCode } from '../terminal/exit-code';
import { answerAct } from './act-answer';
import type { ActOptions } from './act-options';
import { confirmChange } from './confirmation';
import type { Session } from './session';
import { type ActToTell, tellAct } from './told-act';

/** What is nothing but told: the log alone changes. */
interface AnnouncedActs {
  readonly acts: readonly { readonly service: ServiceArn; readonly act: ActToTell }[];
  /** What the services are then. */
  readonly words: string;
  /** The command that undoes it, without the services; null where nothing has to. */
  readonly undo: string | null;
}

/** Asks, tells Rewind of each service, and says how to undo it. Throws CommandError. */
export async function announceActs(
  session: Session,
  { acts, words, undo }: AnnouncedActs,
  options: ActOptions,
): Promise<ExitCode> {
  const services = acts.map(({ service }) => service);
  const paths = services.map((service) => partsOfService(service).path);
  const what = `${counted(services.length, 'service')} (${paths.join(', ')})`;
  const isAgreed = !options.dryRun && (await confirmChange(`${what}: ${words}?`, options));
  if (isAgreed) {
    for (const { service, act } of acts) await tellAct(session, service, act);
  }
  const undoing = undo === null || !isAgreed ? '' : `; to undo: rewind ${undo} ${paths.join(' ')}`;
  const sentence = `${what}: ${options.dryRun ? 'would be ' : ''}${words}${undoing}`;
  if (!isAgreed && !options.dryRun && options.format === 'text') return exitCode.changesPending;
  return answerAct(options.format, { sentence, isDone: isAgreed, services });
}
