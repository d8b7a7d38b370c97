import type { DeployedStack } from '../../aws/stack/deployed-stack';
import type { WaitingClock } from '../../runtime/clock';
import { checkAccounts } from './account-checks';
import { checkArchive, checkDelivery, checkQueues, checkRules } from './bus-checks';
import { type CheckResult, resultsOfCheck } from './check-result';
import { changeBack, type ExaminedStack } from './examined-stack';
import { checkErrors, checkFunctions, checkRoles } from './function-checks';
import { checkMode, checkPolicy } from './policy-checks';
import { checkFlow } from './probe-check';
import { checkClock, checkStack, checkTable, checkVersion } from './stack-checks';

type Check = (examined: ExaminedStack) => Promise<CheckResult[]>;

/** In the order of a notification's way, the probe last: it goes all of it. */
const checks: readonly (readonly [name: string, check: Check])[] = [
  ['stack', checkStack],
  ['version', checkVersion],
  ['clock', checkClock],
  ['rules', checkRules],
  ['delivery', checkDelivery],
  ['queues', checkQueues],
  ['archive', checkArchive],
  ['table', checkTable],
  ['functions', checkFunctions],
  ['roles', checkRoles],
  ['errors', checkErrors],
  ['mode', checkMode],
  ['policy', checkPolicy],
  ['accounts', checkAccounts],
  ['flow', checkFlow],
];

export interface Examination {
  readonly name: string;
  readonly stack: DeployedStack;
  readonly version: string;
  readonly probeSeconds: number | null;
  readonly clock: WaitingClock;
}

/**
 * Looks at everything, one check after the other. Throws what the SDK throws when not even the
 * stack could be asked for.
 */
export async function* examine({ name, ...given }: Examination): AsyncIterable<CheckResult> {
  const description = await given.stack.describe();
  if (description === null) {
    const { failed } = resultsOfCheck('stack');
    yield failed(`there is no stack ${name}`, 'name another with --stack or --stage, or deploy it');
    return;
  }
  for (const [check, look] of checks) yield* await withErrors(check, () => look({ ...given, description }));
}

/** What could not be looked at is no reason to look at nothing else. */
async function withErrors(check: string, look: () => Promise<CheckResult[]>): Promise<CheckResult[]> {
  const { noted, failed } = resultsOfCheck(check);
  try {
    return await look();
  } catch (error) {
    const { name, message } = error as Error;
    if (/AccessDenied|NotAuthorized|UnauthorizedOperation/.test(name)) {
      return [
        noted(
          `could not be looked at: ${message}`,
          'run it with the rights that docs/operations/doctor.md lists',
        ),
      ];
    }
    if (/NotFound|NoSuchEntity|NonExistentQueue/.test(name))
      return [failed(`is gone: ${message}`, changeBack)];
    return [failed(`could not be looked at: ${name}: ${message}`, 'see the error, and run it again')];
  }
}
