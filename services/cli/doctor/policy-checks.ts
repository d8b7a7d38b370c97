import { parseServiceArn, partsOfService, type ServiceArn } from '../../../state-machines/log/identifiers';
import { unansweredPauses } from '../../../state-machines/protection/gates/unanswered-pauses';
import { type PolicyFile, parsePolicyFile, type WrittenPolicyFile } from '../../policy/policy-file';
import { withTags } from '../../policy/policy-tags';
import { PolicyFileError } from '../../policy/policy-text';
import { type CheckResult, resultsOfCheck } from './check-result';
import { type ExaminedStack, resourcesOf } from './examined-stack';

const namesShown = 5;
const problemsShown = 10;

/** Whether Rewind may write to ECS at all, as it is deployed and as the kill switch stands. */
export async function checkMode(examined: ExaminedStack): Promise<CheckResult[]> {
  const { passed, noted } = resultsOfCheck('mode');
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
export async function checkPolicy(examined: ExaminedStack): Promise<CheckResult[]> {
  const { passed, noted, failed } = resultsOfCheck('policy');
  const policies = await deployedPolicy(examined);
  if (typeof policies === 'string') return [failed(policies, 'deploy a policy file of this version')];
  const services: ServiceArn[] = [];
  for await (const service of examined.stack.inventory.services()) services.push(service);
  const others = services.filter((service) => !policies.manages(service));
  const found = [
    passed(`read; it manages ${services.length - others.length} of ${services.length} services here`),
  ];
  for (const note of policies.notes) found.push(noted(note, 'set deadlineSeconds as you want to be told'));
  const { tags, gates } = await problemsOf(examined, policies, services);
  for (const problem of firstOf(tags, 'tags cannot be used')) {
    found.push(noted(problem, 'correct the tag, or name its key in `tags` of the policy file'));
  }
  for (const problem of firstOf(gates, 'hooks wait for people')) {
    found.push(
      noted(problem, 'take the hook away, or let Rewind enforce: `rewind promote` answers meanwhile'),
    );
  }
  if (others.length === 0) return found;
  const said = `no policy matches ${formatServiceNames(others)}: Rewind does not look after them`;
  return [...found, noted(said, 'add them to `manage` in the policy file, if it should')];
}

/** What is wrong with the tags and hooks of the services that are managed, a sentence each. */
async function problemsOf(
  examined: ExaminedStack,
  policies: PolicyFile,
  services: readonly ServiceArn[],
): Promise<Record<'tags' | 'gates', string[]>> {
  const found: Record<'tags' | 'gates', string[]> = { tags: [], gates: [] };
  const isObserving = (await deployedEnvironment(examined)).REWIND_MODE === 'observe';
  const managed = services.filter((service) => policies.manages(service));
  for await (const described of examined.stack.inventory.describe(managed)) {
    const { serviceArn = '', tags = [], deploymentConfiguration: { lifecycleHooks = [] } = {} } = described;
    const service = parseServiceArn(serviceArn);
    const { path } = partsOfService(service);
    const { policy, problems } = await withTags(policies.policyFor(service), tags, policies.taggable);
    const pauses = unansweredPauses(lifecycleHooks, isObserving ? { ...policy, mode: 'observe' } : policy);
    found.tags.push(...problems.map((problem) => `${path}: ${problem}`));
    found.gates.push(...pauses.map((problem) => `${path}: ${problem}`));
  }
  return found;
}

function firstOf(problems: readonly string[], others: string): readonly string[] {
  const more = problems.length - problemsShown;
  return more <= 0 ? problems : [...problems.slice(0, problemsShown), `${more} more ${others}`];
}

/** The policy that the functions run with; a sentence where they cannot. */
export async function deployedPolicy(examined: ExaminedStack): Promise<WrittenPolicyFile | string> {
  const { REWIND_POLICY: text = '' } = await deployedEnvironment(examined);
  try {
    return parsePolicyFile(text, 'the deployed policy');
  } catch (error) {
    if (!(error instanceof PolicyFileError)) throw error;
    return error.message;
  }
}

/** What every function is given. */
async function deployedEnvironment(examined: ExaminedStack): Promise<{ readonly [name: string]: string }> {
  const [first] = resourcesOf(examined, 'AWS::Lambda::Function');
  return first === undefined ? {} : (await examined.stack.function(first.physicalId)).environment;
}

export function formatServiceNames(services: readonly ServiceArn[]): string {
  const names = services.slice(0, namesShown).map((service) => partsOfService(service).path);
  const more = services.length - names.length;
  return `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
