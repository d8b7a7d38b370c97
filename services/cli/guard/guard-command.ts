import type { Command } from 'commander';
import { addPlaceOptions } from '../session/place-options';
import { addFormatOption } from '../terminal/format-option';
import type { GuardOptions } from './guard-session';

const description = `Set ECS's own protection (circuit breaker, alarms, bake time, strategy, hooks) on services as
the policy declares it under "native". What the policy does not name stays as it is. No deployment
starts.

SERVICE is a glob over cluster/service; without one, every service that the policy manages.
Account, region and credentials come from the environment, as for the AWS CLI.`;

const guardHelp = (example: string, changed: string) => `
Examples:
  ${example}

Exit codes:
  0   ${changed}
  2   something differs, or is left to do
  64  the command line is wrong
  66  a SERVICE fits nothing, or the policy file cannot be read
  69  AWS gave no answer about a service, or refused to change it; the others went on
  78  the policy file is wrong, or declares what ECS would refuse`;

/** Adds `rewind guard` with its three commands to the program. */
export function addGuardCommand(program: Command): void {
  const guard = program.command('guard').description(description).helpCommand(false);
  addPlan(guard);
  addApply(guard);
  addUndo(guard);
}

const services = ['[SERVICE...]', 'globs over cluster/service'] as const;
const policy = ['--policy <FILE>', 'the policy file'] as const;

function addPlan(guard: Command): void {
  const command = guard
    .command('plan')
    .summary('show what would change, and why')
    .description(
      'Show what would change for each service and why, and what is worth a warning. Changes nothing.',
    )
    .argument(...services)
    .requiredOption(...policy);
  addFormatOption(addPlaceOptions(command))
    .addHelpText(
      'after',
      guardHelp("rewind guard plan 'prod/*' --policy policy.yml", 'every service is as declared'),
    )
    .action(async (globs: string[], options: GuardOptions) => {
      const { openSession } = await import('./guard-session');
      const session = await openSession(globs, options);
      const { runGuardPlan } = await import('./guard-plan');
      process.exitCode = await runGuardPlan(session, options.format);
    });
}

function addApply(guard: Command): void {
  const command = guard
    .command('apply')
    .summary('change what differs')
    .description(
      'Show the plan, ask, and change what differs. A service with a rollout under way is\nskipped, and a failure on one service does not stop the others. Every change is recorded in the\nevent log, so that undo can revert it.',
    )
    .argument(...services)
    .requiredOption(...policy)
    .option('-y, --yes', 'do not ask');
  addPlaceOptions(command)
    .addHelpText(
      'after',
      guardHelp('rewind guard apply prod/web --policy policy.yml', 'every service is as declared now'),
    )
    .action(async (globs: string[], options: GuardOptions) => {
      const { openSession } = await import('./guard-session');
      const session = await openSession(globs, options);
      const { runGuardApply } = await import('./guard-apply');
      process.exitCode = await runGuardApply(session, options);
    });
}

function addUndo(guard: Command): void {
  const command = guard
    .command('undo')
    .summary('give services back what they had before')
    .description(
      'Give services back what they had before Rewind first changed them, and delete the alarms it made.\nThe scheduled guard leaves them alone until somebody applies again.',
    )
    .argument(...services)
    .option(...policy)
    .option('-y, --yes', 'do not ask');
  addPlaceOptions(command)
    .addHelpText('after', guardHelp('rewind guard undo prod/web', 'every service has what it had before'))
    .action(async (globs: string[], options: GuardOptions) => {
      const { openSession } = await import('./guard-session');
      const session = await openSession(globs, options);
      const { runGuardUndo } = await import('./guard-undo');
      process.exitCode = await runGuardUndo(session, options);
    });
}
