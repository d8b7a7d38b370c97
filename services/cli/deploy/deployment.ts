import { shortTaskDefinition } from '../../../state-machines/log/identifiers';
import { canAsk, confirmChange } from '../session/confirmation';
import { carryOutEach } from '../session/each-service';
import { worstOf } from '../session/rollouts/result-codes';
import type { Session } from '../session/session';
import { type ExitCode, exitCode } from '../terminal/exit-code';
import { say } from '../terminal/streams/standard-error';
import { printJson, printText } from '../terminal/streams/standard-output';
import { waitOut } from '../wait/wait-out';
import { type DeployReceipt, deploy } from './deploy-execution';
import type { DeployingOptions, DeployOptions } from './deploy-options';
import type { DeployPlan } from './deploy-plan';
import { deployLines, receiptLines } from './deploy-text';

type Answers = DeployingOptions & Pick<DeployOptions, 'ifSame'>;

/** Says what will be done, asks, does it, and waits where that was asked for. */
export async function deployAll(
  session: Session,
  plans: readonly DeployPlan[],
  options: Answers,
): Promise<ExitCode> {
  const isAsking = canAsk() && options.yes !== true;
  const wanted = plans.filter((plan) => !isSettled(plan, options, isAsking));
  const refused = wanted.filter((plan) => oppositionTo(plan, isAsking) !== null && options.force !== true);
  const planned = wanted.filter((plan) => !refused.includes(plan));
  for (const plan of planned) for (const line of deployLines(plan)) say(line);
  for (const plan of refused) {
    say(
      `${plan.view.path}: ${oppositionTo(plan, isAsking)}; nothing was deployed. --force with a --reason goes through, and is told`,
    );
  }
  if (refused.length > 0) return exitCode.changesPending;
  const settled = plans.length > wanted.length && options.ifSame === 'fail';
  const before: readonly ExitCode[] = settled ? [exitCode.changesPending] : [];
  if (wanted.length === 0) return worstOf(before);
  if (options.dryRun || !(await confirmChange('Deploy?', options))) return exitCode.changesPending;
  const reason = options.reason ?? null;
  const { receipts, codes } = await carryOutEach(wanted, (plan) => deploy(session, plan, { reason }));
  await tellReceipts(receipts, options);
  const [first] = codes;
  if (first !== undefined && receipts.length === 0) return first;
  const waited = options.wait ? await waitForAll(session, receipts, options) : [];
  return worstOf([...before, ...waited, ...codes.map(() => exitCode.faultFound)]);
}

/** What runs already is said, and deployed only where that is wished for. */
function isSettled(plan: DeployPlan, { ifSame }: Answers, isAsking: boolean): boolean {
  const { view, isSame, isRetry } = plan;
  if (!isSame || isRetry || ifSame === 'deploy') return false;
  say(`${view.path}: ${shortTaskDefinition(view.primary.taskDefinition)} runs this very image already`);
  return !isAsking || ifSame !== undefined;
}

/** Somebody at a terminal is asked about what failed; a freeze is for everybody. */
function oppositionTo({ freeze, objections }: DeployPlan, isAsking: boolean): string | null {
  return freeze ?? (isAsking ? null : (objections[0] ?? null));
}

async function tellReceipts(receipts: readonly DeployReceipt[], { format }: Answers): Promise<void> {
  if (format === 'json') {
    const document = { schema: 'rewind.deploy/1', services: receipts };
    return printJson([`${JSON.stringify(document, null, 2)}\n`]);
  }
  for (const receipt of receipts) await printText(receiptLines(receipt));
}

async function waitForAll(
  session: Session,
  receipts: readonly DeployReceipt[],
  options: Answers,
): Promise<ExitCode[]> {
  const codes: ExitCode[] = [];
  for (const { service, deployment } of receipts) {
    if (deployment === null) codes.push(exitCode.cannotTell);
    else codes.push(await waitOut(session, { service, deployment, isNamed: true }, options));
  }
  return codes;
}
