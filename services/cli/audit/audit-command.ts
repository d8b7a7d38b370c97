import type { Command } from 'commander';
import { addPlaceOptions } from '../session/place-options';
import { addLogsOption } from '../session/rollouts/failure-logs';
import { CommandError, exitCode } from '../terminal/exit-code';
import { addFormatOption } from '../terminal/format-option';
import { parsePast } from '../terminal/time-options';
import type { AuditOptions, AuditTarget } from './audit-run';

const description = `Show a rollout from the log: what happened and when Rewind recorded it, how the evidence grew, what
was decided and why, what was called and how it ended. Then make every decision again from exactly
the events that were known at that time, and check that it comes out the same.

SERVICE is the ARN of a service, cluster/service, or a name that only one service has. Without
DEPLOYMENT, the newest rollout that is not a rollback is shown.`;

const help = `
Examples:
  rewind audit prod/web
  rewind audit prod/web web:43 --at 15:04
  rewind audit --verify --all --from log.jsonl.gz

Exit codes:
  0   every decision is confirmed, or was made by another version, or is not decidable
  1   a decision differs from what was recorded, or the log was changed; each is named
  64  the command line is wrong
  65  there is no such rollout, or the FILE is no export of the log
  66  there is no such service, or the FILE cannot be read
  69  the table cannot be read`;

/** Adds `rewind audit` to the program. */
export function addAuditCommand(program: Command): void {
  const command = addPlaceOptions(
    program
      .command('audit')
      .description(description)
      .argument('[SERVICE]', 'whose rollout')
      .argument('[DEPLOYMENT]', 'ecs-svc/…, or a revision, whose newest rollout is meant: 43, web:43')
      .option(
        '--at <TIME>',
        'show what was known then: leave out what was recorded later (15:04, 2026-01-31, ISO 8601)',
        parsePast,
      )
      .option(
        '--since <TIME>',
        'show every rollout that has started since then, ways back too (7d, 15:04, 2026-01-31)',
        parsePast,
      )
      .option('--verify', 'only verify every decision of the service, or of the whole log with --all')
      .option('--all', 'with --verify: verify every service')
      .option('--from <FILE>', 'read an export of the log instead of its table')
      .option('--announced <FILE>', 'with --verify: compare the log with announcements that were kept'),
  );
  addFormatOption(addLogsOption(command))
    .addHelpText('after', help)
    .action(async (service: string | undefined, deployment: string | undefined, options: AuditOptions) => {
      checkAuditOptions({ service, deployment }, options);
      const { runAudit } = await import('./audit-run');
      process.exitCode = await runAudit({ service, deployment }, options);
    });
}

/**
 * Nothing that was said is passed over: who believed it was heeded would trust the answer for it.
 */
function checkAuditOptions({ service, deployment }: AuditTarget, options: AuditOptions): void {
  const { verify: isVerified, all, at, since, announced, logs, from } = options;
  const faults = [
    [
      (service === undefined) !== (isVerified === true && all === true),
      'name a SERVICE, or say --verify --all',
    ],
    [isVerified === true && deployment !== undefined, '--verify is of all rollouts: name no DEPLOYMENT'],
    [
      since !== undefined && (isVerified === true || deployment !== undefined),
      '--since is of a service: say neither --verify nor a DEPLOYMENT with it',
    ],
    [!isVerified && announced !== undefined, '--announced needs --verify'],
    [
      logs !== undefined && (isVerified === true || from !== undefined),
      '--logs is of a rollout in the table',
    ],
    [
      at !== undefined && announced !== undefined,
      '--announced tells of later decisions than --at: say one of them',
    ],
  ] as const;
  const fault = faults.find(([isWrong]) => isWrong);
  if (fault !== undefined) throw new CommandError(fault[1], exitCode.usage);
}
