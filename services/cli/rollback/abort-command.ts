import type { Command } from 'commander';
import { type ServiceArn, shortTaskDefinition } from '../../../state-machines/log/identifiers';
import { ownCandidate } from '../../../state-machines/log/observed-service';
import { type ActOptions, addActOptions } from '../session/act-options';
import { oneService } from '../session/chosen-services';
import { confirmChange, notCovered, refuseToAskNobody } from '../session/confirmation';
import { openLoggedSession, type Session, type SessionLog } from '../session/session';
import { CommandError, type ExitCode, exitCode, exitCodeLines } from '../terminal/exit-code';
import { say } from '../terminal/streams/standard-error';
import type { RollbackCandidate } from './rollback-candidates';
import { goBack } from './rollback-execution';
import { planRollback, type RollbackView, stableOf, viewForRollback } from './rollback-plan';
import { tellReceipts } from './rollback-receipts';
import { planLines } from './rollback-text';

const description = `End what is under way and go back: where ECS waits at a gate, its hook is answered with ROLLBACK;
where ECS works on the deployment, that is stopped; where it is complete and bakes, the last
revision that has proved itself is deployed. Rewind knows that it is yours, watches it, and never
takes it back.`;

const help = `
Examples:
  rewind abort prod/web --reason "wrong branch"

Exit codes:
${exitCodeLines({
  0: 'ECS accepted the call',
  2: 'nothing was done: it was declined, or a dry run',
  65: 'nothing is under way there, or there is nowhere to go back to',
})}`;

/** Adds `rewind abort` to the program. */
export function addAbortCommand(program: Command): void {
  addActOptions(program.command('abort').description(description).argument('<SERVICE>', 'whose rollout'))
    .addHelpText('after', help)
    .action(async (name: string, options: ActOptions) => {
      process.exitCode = await abort(name, options);
    });
}

/** As many as are looked at for one that is proven. */
const candidatesLookedAt = 10;

async function abort(name: string, options: ActOptions): Promise<ExitCode> {
  if (!options.dryRun) refuseToAskNobody(options);
  const session = await openLoggedSession(options);
  return abortRollout(session, await oneService(session, name), options);
}

/** Ends what is under way on a service, once that is agreed to. Throws CommandError. */
export async function abortRollout(
  session: Session & { readonly log: SessionLog },
  service: ServiceArn,
  options: ActOptions,
): Promise<ExitCode> {
  const wish = { count: candidatesLookedAt, pin: true };
  const view = await viewForRollback(session, service, wish);
  const plan = planRollback(view, candidateOfAbort(view), wish);
  for (const line of [...planLines(plan), `  ${notCovered}`]) say(line);
  if (options.dryRun || !(await confirmChange('Abort?', options))) return exitCode.changesPending;
  const meaning = { action: 'abort', reason: options.reason ?? null, isLeftAsBad: false } as const;
  const receipt = await goBack(session, plan, meaning);
  const undo = `rewind retry ${view.path} ${shortTaskDefinition(view.primary.taskDefinition)}`;
  await tellReceipts([{ ...receipt, undo }], options.format);
  return exitCode.done;
}

/** Where the service goes: to what has proved itself, else where ECS itself would go. */
function candidateOfAbort(view: RollbackView): RollbackCandidate {
  const { path, observed, primary, records, candidates } = view;
  const newest = records.find(({ deployment }) => deployment === primary.id);
  if (observed.inProgress === null && newest?.phase !== 'baking') {
    const short = shortTaskDefinition(primary.taskDefinition);
    const sentence = `${path}: nothing is under way (it runs ${short}). To go back: rewind rollback ${path}`;
    throw new CommandError(sentence, exitCode.data);
  }
  const own = observed.inProgress === null ? null : ownCandidate(observed);
  const isOwn = ({ wayBack }: RollbackCandidate) => wayBack.taskDefinition === own?.taskDefinition;
  const candidate = stableOf(view) ?? candidates.find(isOwn);
  if (candidate !== undefined) return candidate;
  throw new CommandError(`${path}: nothing that has proved itself is there to go back to`, exitCode.data);
}
