import { partsOfService, type ServiceArn } from '../../../state-machines/log/identifiers';
import { instantFrom } from '../../../state-machines/log/instant';
import type { PolicyFile } from '../../policy/policy-file';
import { counted } from '../../sentences/quantities';
import { type CheckResult, resultsOfCheck } from './check-result';
import { type ExaminedStack, resourcesOf } from './examined-stack';
import { deployedPolicy, formatServiceNames } from './policy-checks';

const endOfTime = instantFrom(8.64e15);

/**
 * Whether the accounts that the policy file names are those that may forward their notifications,
 * and those whose services wait for Rewind.
 */
export async function checkAccounts(examined: ExaminedStack): Promise<CheckResult[]> {
  const { passed } = resultsOfCheck('accounts');
  const policies = await deployedPolicy(examined);
  if (typeof policies === 'string') return [];
  const found = [...(await bus(examined, policies)), ...(await waiting(examined, policies))];
  if (found.length > 0) return found;
  const count = others(examined, policies).length;
  return [
    passed(count === 0 ? 'its own' : `its own, and ${counted(count, 'other')} that the policy file names`),
  ];
}

async function bus(examined: ExaminedStack, policies: PolicyFile): Promise<CheckResult[]> {
  const { noted, failed } = resultsOfCheck('accounts');
  const forwarding = await examined.stack.forwardingAccounts();
  const named = others(examined, policies);
  return [
    ...named
      .filter((account) => !forwarding.includes(account))
      .map((account) =>
        failed(`the bus takes nothing from account ${account}`, 'deploy with the policy file that names it'),
      ),
    ...forwarding
      .filter((account) => !policies.accounts.has(account))
      .map((account) =>
        noted(
          `account ${account} may put on the bus, and the policy file does not name it`,
          'add it to `accounts`, if its services are to be looked after',
        ),
      ),
  ];
}

async function waiting(examined: ExaminedStack, policies: PolicyFile): Promise<CheckResult[]> {
  const { failed } = resultsOfCheck('accounts');
  const [table] = resourcesOf(examined, 'AWS::DynamoDB::Table');
  if (table === undefined) return [];
  const unreached: ServiceArn[] = [];
  for await (const service of examined.stack.eventLog(table.physicalId).servicesToWake(endOfTime)) {
    if (!isReached(examined, policies, service)) unreached.push(service);
  }
  if (unreached.length === 0) return [];
  const said = `notifications of ${formatServiceNames(unreached)} arrive from an account or region that the policy file does not name`;
  return [failed(said, 'add it to `accounts` in the policy file, or stop forwarding its notifications')];
}

function others({ description }: ExaminedStack, { accounts }: PolicyFile): string[] {
  return [...accounts.keys()].filter((account) => account !== description.account);
}

function isReached({ description }: ExaminedStack, { accounts }: PolicyFile, service: ServiceArn): boolean {
  const { account, region } = partsOfService(service);
  if (account === description.account && region === description.region) return true;
  return accounts.get(account)?.regions.includes(region) ?? false;
}
