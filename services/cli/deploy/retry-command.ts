import type { Command } from 'commander';
import { shortTaskDefinition, type TaskDefinitionArn } from '../../../state-machines/log/identifiers';
import { isRollback } from '../../../state-machines/rollout/rollout-context';
import { oneService } from '../session/chosen-services';
import { refuseToAskNobody } from '../session/confirmation';
import { revisionNamed } from '../session/named-revision';
import { openLoggedSession } from '../session/session';
import { CommandError, exitCode, exitCodeLines } from '../terminal/exit-code';
import { addDeployingOptions, type DeployingOptions } from './deploy-options';
import type { DeployView } from './deploy-view';

const description = `Deploy again what was last taken back here, or REVISION: its cause was mended elsewhere. That it
failed is forgiven, so that it may prove itself; where it fails again, it is taken back again.`;

const help = `
Examples:
  rewind retry prod/web --reason "its secret is there now" --wait
  rewind retry prod/web 43 --yes

Exit codes:
${exitCodeLines({
  0: 'ECS accepted the call',
  2: 'nothing was done: declined, a dry run, or frozen and --force was not given',
  65: 'nothing was taken back here, or it cannot be deployed now',
})}

With --wait also those of "rewind wait".`;

/** Adds `rewind retry` to the program. */
export function addRetryCommand(program: Command): void {
  addDeployingOptions(
    program
      .command('retry')
      .description(description)
      .argument('<SERVICE>', 'which service')
      .argument('[REVISION]', 'what was last taken back, if left out; 43, web:43, or an ARN'),
  )
    .addHelpText('after', help)
    .action(async (name: string, revision: string | undefined, options: DeployingOptions) => {
      if (!options.dryRun) refuseToAskNobody(options);
      const session = await openLoggedSession(options);
      const { planDeploy } = await import('./deploy-plan');
      const { questionOfRetry } = await import('./deploy-question');
      const { viewForDeploy } = await import('./deploy-view');
      const { deployAll } = await import('./deployment');
      const view = await viewForDeploy(session, await oneService(session, name));
      const taskDefinition = revisionToRetry(view, revision);
      const plan = planDeploy(await questionOfRetry(session, view, { taskDefinition, options }));
      process.exitCode = await deployAll(session, [plan], options);
    });
}

function revisionToRetry(view: DeployView, named: string | undefined): TaskDefinitionArn {
  const { path, records, primary, service } = view;
  if (named !== undefined) return revisionNamed(named, { service, running: primary.taskDefinition });
  const takenBack = records.find((record) => !isRollback(record) && record.verdict?.result === 'failed');
  if (takenBack?.taskDefinition != null) return takenBack.taskDefinition;
  throw new CommandError(
    `${path}: nothing was taken back here, as far as the log tells; ${shortTaskDefinition(primary.taskDefinition)} runs`,
    exitCode.data,
  );
}
