import { type Command, InvalidArgumentError } from 'commander';
import type { ServiceArn } from '../../../state-machines/log/identifiers';
import { type ActOptions, addActOptions } from '../session/act-options';
import { chosenServices } from '../session/chosen-services';
import { canAsk, confirmChange, notCovered, refuseToAskNobody } from '../session/confirmation';
import { carryOutEach } from '../session/each-service';
import { openLoggedSession, type Session, type SessionLog } from '../session/session';
import { CommandError, type ExitCode, exitCode, exitCodeLines } from '../terminal/exit-code';
import { say } from '../terminal/streams/standard-error';
import { chooseCandidate, chooseServices } from './rollback-choice';
import { goBack } from './rollback-execution';
import { listWaysBack } from './rollback-list';
import {
  candidateWished,
  planRollback,
  type RollbackPlan,
  type RollbackWish,
  viewForRollback,
} from './rollback-plan';
import { tellReceipts } from './rollback-receipts';
import { planLines } from './rollback-text';

interface RollbackOptions extends ActOptions, RollbackWish {
  readonly bad?: true;
  readonly list?: true;
}

const description = `Take services back to a revision of your choice, and let Rewind know that it is yours: it watches the way
back and tells you of it, and never takes it back. Without SERVICE, on a terminal, you choose: cluster,
services, and for each a revision, with its commit, who brought it, and what became of it here.

While ECS works on the deployment and would go to that revision by itself, the deployment is stopped;
else the revision is deployed, with what else its service revision had. Where its task definition is
INACTIVE, or a tag of its images has moved, a copy of it is registered, pinned to the digests that ran.`;

const help = `
Examples:
  rewind rollback
  rewind rollback prod/web --list
  rewind rollback prod/web prod/worker --to stable --reason "checkout is slow" --yes
  rewind rollback prod/web --to 41 --dry-run

Exit codes:
${exitCodeLines({
  0: 'ECS accepted every call',
  1: 'of several services, some were taken back and some were not',
  2: 'nothing was done: it was declined, a list, or a dry run',
  65: 'a service cannot go back there',
})}`;

/** Adds `rewind rollback` to the program. */
export function addRollbackCommand(program: Command): void {
  addActOptions(
    program
      .command('rollback')
      .description(description)
      .argument('[SERVICE...]', 'which services')
      .option('--to <REVISION>', 'stable, previous, 43, web:43, or the ARN of a task definition')
      .option('--list', 'show what there is to go back to, and do nothing')
      .option('-n, --count <N>', 'how many revisions to choose from', parseCount, 10)
      .option('--no-pin', 'register no copy, even where tags have moved')
      .option('--bad', 'what is left counts as failed here, until "rewind forgive"')
      .option('--force', 'go back to what failed here, too'),
  )
    .addHelpText('after', help)
    .action(async (names: readonly string[], options: RollbackOptions) => {
      process.exitCode = await rollback(names, options);
    });
}

function parseCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count > 0 && count <= 50) return count;
  throw new InvalidArgumentError('It is a number from 1 to 50.');
}

async function rollback(names: readonly string[], options: RollbackOptions): Promise<ExitCode> {
  const isAsking = canAsk();
  if (names.length === 0 && !isAsking)
    throw new CommandError('name a SERVICE: this is no terminal to ask on', exitCode.usage);
  if (!options.dryRun && !options.list) refuseToAskNobody(options);
  if (options.to === undefined && !options.list && !isAsking) {
    throw new CommandError(
      '--to must name a revision, such as stable: this is no terminal to ask on',
      exitCode.usage,
    );
  }
  const session = await openLoggedSession(options);
  const known = await chosenServices(session, names);
  const services = names.length === 0 ? await chooseServices(known) : known;
  if (options.list) {
    await listWaysBack(session, services, options);
    return exitCode.changesPending;
  }
  const plans: RollbackPlan[] = [];
  for (const service of services) plans.push(await planFor(session, service, options));
  for (const line of [...plans.flatMap((plan) => [...planLines(plan)]), `  ${notCovered}`]) say(line);
  if (options.dryRun || !(await confirmChange('Roll back?', options))) return exitCode.changesPending;
  return carryOut(session, plans, options);
}

async function planFor(
  session: Session & { readonly log: SessionLog },
  service: ServiceArn,
  options: RollbackOptions,
): Promise<RollbackPlan> {
  const view = await viewForRollback(session, service, options);
  const candidate = candidateWished(view, options) ?? (await chooseCandidate(view));
  return planRollback(view, candidate, options);
}

/** One that is refused keeps no other from going back. */
async function carryOut(
  session: Session,
  plans: readonly RollbackPlan[],
  options: RollbackOptions,
): Promise<ExitCode> {
  const reason = options.reason ?? null;
  const meaning = { action: 'rollback', reason, isLeftAsBad: options.bad === true } as const;
  const { receipts, codes } = await carryOutEach(plans, (plan) => goBack(session, plan, meaning));
  await tellReceipts(receipts, options.format);
  const [first] = codes;
  if (first === undefined) return exitCode.done;
  return receipts.length === 0 ? first : exitCode.faultFound;
}
