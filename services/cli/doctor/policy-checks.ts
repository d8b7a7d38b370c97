import {
  instantFrom,
  parseServiceArn,
  partsOfService,
  type ServiceArn,
} from '../../../state-machines/identifiers';
import { type PolicyFile, parsePolicyFile } from '../../policy/policy-file';
import { PolicyFileError } from '../../policy/policy-text';
import { counted } from '../text-layout';
import { type Examined, resourcesOf } from './examined';
import { type Finding, findings } from './finding';

const endOfTime = instantFrom(8.64e15);
const namesShown = 5;

/** Whether Rewind may write to ECS at all, as it is deployed and as the kill switch stands. */
export async function checkMode(examined: Examined): Promise<Finding[]> {
  const { passed, noted } = findings('mode');
  const mode = (await deployedEnvironment(examined)).REWIND_MODE ?? '';
  const [killSwitch] = resourcesOf(examined, 'AWS::SSM::Parameter');
  if (killSwitch !== undefined && (await examined.stack.parameter(killSwitch.physicalId)) !== 'off') {
    const said = `the kill switch ${killSwitch.physicalId} is thrown: Rewind writes nothing to ECS`;
    return [noted(said, 'set the parameter to off, once what it was thrown for is over')];
  }
  const says =
    mode === 'enforce' ? 'bad deployments are taken back' : 'what would be done is recorded, and not done';
  return [passed(`${mode}: ${says}`)];
}

/** Whether the deployed policy can be read, and which services it leaves out. */
export async function checkPolicy(examined: Examined): Promise<Finding[]> {
  const { passed, noted, failed } = findings('policy');
  const policies = await deployedPolicy(examined);
  if (typeof policies === 'string') return [failed(policies, 'deploy a policy file of this version')];
  const services: ServiceArn[] = [];
  for await (const arn of examined.stack.services()) services.push(parseServiceArn(arn));
  const others = services.filter((service) => !policies.manages(service));
  const found = [
    passed(`read; it manages ${services.length - others.length} of ${services.length} services here`),
  ];
  if (others.length === 0) return found;
  const said = `no policy matches ${named(others)}: Rewind does not look after them`;
  return [...found, noted(said, 'add them to `manage` in the policy file, if it should')];
}

/** Whether Rewind can reach every account whose services it has heard of. */
export async function checkAccounts(examined: Examined): Promise<Finding[]> {
  const { passed, failed } = findings('accounts');
  const [table] = resourcesOf(examined, 'AWS::DynamoDB::Table');
  const policies = await deployedPolicy(examined);
  if (table === undefined || typeof policies === 'string') return [];
  const unreached: ServiceArn[] = [];
  for await (const service of examined.stack.eventLog(table.physicalId).servicesToWake(endOfTime)) {
    if (!isReached(examined, policies, service)) unreached.push(service);
  }
  if (unreached.length === 0) {
    const count = others(examined, policies);
    return [
      passed(count === 0 ? 'its own' : `its own, and ${counted(count, 'other')} that the policy file names`),
    ];
  }
  const said = `notifications of ${named(unreached)} arrive from an account or region that the policy file does not name`;
  return [failed(said, 'add it to `accounts` in the policy file, or stop forwarding its notifications')];
}

function others({ description }: Examined, { accounts }: PolicyFile): number {
  return [...accounts.keys()].filter((account) => account !== description.account).length;
}

function isReached({ description }: Examined, { accounts }: PolicyFile, service: ServiceArn): boolean {
  const { account, region } = partsOfService(service);
  if (account === description.account && region === description.region) return true;
  return accounts.get(account)?.regions.includes(region) ?? false;
}

/** The policy that the functions run with; a sentence where they cannot. */
async function deployedPolicy(examined: Examined): Promise<PolicyFile | string> {
  const { REWIND_POLICY: text = '' } = await deployedEnvironment(examined);
  try {
    return parsePolicyFile(text, 'the deployed policy');
  } catch (error) {
    if (!(error instanceof PolicyFileError)) throw error;
    return error.message;
  }
}

/** What every function is given. */
async function deployedEnvironment(examined: Examined): Promise<{ readonly [name: string]: string }> {
  const [first] = resourcesOf(examined, 'AWS::Lambda::Function');
  return first === undefined ? {} : (await examined.stack.function(first.physicalId)).environment;
}

function named(services: readonly ServiceArn[]): string {
  const names = services.slice(0, namesShown).map((service) => partsOfService(service).path);
  const more = services.length - names.length;
  return `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
