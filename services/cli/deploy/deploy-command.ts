import type { Command } from 'commander';
import { chosenServices } from '../session/chosen-services';
import { refuseToAskNobody } from '../session/confirmation';
import { openLoggedSession } from '../session/session';
import { CommandError, exitCode, exitCodeLines } from '../terminal/exit-code';
import { addDeployOptions, type DeployOptions } from './deploy-options';

const description = `Deploy another image, or a revision that is there, to services, and let Rewind know the commit,
who it is and why. All of the task definition is copied but the image, and read back before it is
deployed.

What is looked at first: whether the image is there, whether it runs already, whether it failed
here before, whether the service is frozen, goes back or is being deployed just now. The commit is
what --commit says, else what the image's tags, its registry or the pipeline tell; its subject
comes from the repository in this folder.`;

const help = `
Examples:
  rewind deploy prod/web --tag 9f31c2d --wait
  rewind deploy prod/web prod/worker --image example/shop:9f31c2d
  rewind deploy prod/web --image app=shop/web:latest --pin --reason "the fix for the cart" --yes
  rewind deploy prod/web --task-definition 43 --dry-run

Exit codes:
${exitCodeLines({
  0: 'ECS accepted every call, or what is wished for runs already',
  1: 'of several services, some were deployed and some were not',
  2: 'nothing was done: declined, a dry run; frozen, or it failed here before, without --force',
  65: 'a service cannot be deployed so now',
  69: 'AWS cannot be asked, or registered something else',
})}

With --wait also those of "rewind wait": of several services the worst.`;

/** Adds `rewind deploy` to the program. */
export function addDeployCommand(program: Command): void {
  addDeployOptions(
    program.command('deploy').description(description).argument('<SERVICE...>', 'which services'),
  )
    .addHelpText('after', help)
    .action(async (names: readonly string[], options: DeployOptions) => {
      requireOneWish(options);
      if (!options.dryRun) refuseToAskNobody(options);
      const session = await openLoggedSession(options);
      const services = await chosenServices(session, names);
      const { planDeploy } = await import('./deploy-plan');
      const { questionOf } = await import('./deploy-question');
      const { viewForDeploy } = await import('./deploy-view');
      const { deployAll } = await import('./deployment');
      const plans = [];
      for (const service of services) {
        const view = await viewForDeploy(session, service);
        plans.push(planDeploy(await questionOf(session, view, options)));
      }
      process.exitCode = await deployAll(session, plans, options);
    });
}

function requireOneWish({ image, tag, taskDefinition, commit, subject }: DeployOptions): void {
  const wishes = [image, tag, taskDefinition].filter((wish) => wish !== undefined);
  if (wishes.length !== 1) {
    throw new CommandError('say one of --image, --tag and --task-definition', exitCode.usage);
  }
  if (subject !== undefined && commit === undefined) {
    throw new CommandError('--subject is of a commit: say --commit', exitCode.usage);
  }
}
