import type { ServiceArn } from '../../../state-machines/log/identifiers';
import type { GuardParts } from '../../guard/guard';
import type { SurveyParts } from '../../guard/survey';
import { systemClock } from '../../runtime/clock';
import { connectionOf } from '../../runtime/reach';
import type { PlaceOptions } from '../session/place-options';
import { requiredTable, tableNamedBy } from '../session/session';
import { CommandError, type ExitCode, exitCode } from '../terminal/exit-code';
import type { Format } from '../terminal/format-option';
import { loadPolicyFile } from '../terminal/policy-option';
import { Progress } from '../terminal/progress';
import { say } from '../terminal/streams/standard-error';
import { ServiceSelection } from './service-selection';

/** What every command of the guard is given. */
export interface GuardOptions extends PlaceOptions {
  readonly policy?: string;
  readonly format: Format;
  readonly yes?: boolean;
}

/** An account and region to guard, as its command line names it. */
export interface GuardSession {
  readonly parts: SurveyParts;
  /** Throws CommandError where no table is named: what is changed has to be recorded. */
  actingParts(): GuardParts;
  /** The services that the policy manages, and the globs of the command line fit. */
  services(): AsyncIterable<ServiceArn>;
  /**
   * Once the services were listed: the code of the command, given what became of those that were
   * found. Globs that fit nothing are told on stderr, and are never a success.
   */
  codeAfter(code: ExitCode): ExitCode;
  readonly progress: Progress;
}

/** Reads the policy, and makes the clients. Throws CommandError. */
export async function openSession(globs: readonly string[], options: GuardOptions): Promise<GuardSession> {
  const policies = await loadPolicyFile(options.policy);
  // They bring the AWS SDK along, for which no other command has to wait.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const { guardClients } = await import('../../guard/guard-clients');
  const { dynamoDbAt } = await import('../../runtime/command-clients');
  const { dynamoDbProtectionLog } = await import('../../event-log/protection-log');
  const { inventory, ...place } = guardClients(connectionOf(options));
  const table = options.stage === undefined ? tableNamedBy(options) : await requiredTable(options);
  const log = table === null ? null : dynamoDbProtectionLog({ client: dynamoDbAt(options), table });
  const parts = { ...place, policies, log };
  const selection = new ServiceSelection(policies, globs);
  return {
    parts,
    actingParts() {
      if (log === null) throw new CommandError(noTable, exitCode.usage);
      const now = systemClock;
      // Who types it means it, whatever the scheduled guard is held from.
      return { ...parts, log, now, actor: 'operator', killSwitch: null, call: null };
    },
    services: () => selection.among(inventory.services()),
    codeAfter(code) {
      const sentences = selection.misfits();
      for (const sentence of sentences) say(sentence);
      return sentences.length === 0 || code === exitCode.unavailable ? code : exitCode.noInput;
    },
    progress: new Progress(process.stderr, { what: 'services looked at', every: 500, everyOnTerminal: 10 }),
  };
}

const noTable =
  'what the guard changes is recorded in the event log, so that it can be undone: name its stage with --stage, or its table with --table or REWIND_TABLE';
