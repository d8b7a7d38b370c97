import { type CheckResult, resultsOfCheck } from './check-result';
import { changeBack, type ExaminedStack, resourcesOf } from './examined-stack';

/** Whether every function can run, and is woken. */
export async function checkFunctions(examined: ExaminedStack): Promise<CheckResult[]> {
  const { passed, failed } = resultsOfCheck('functions');
  const faults: CheckResult[] = [];
  const functions = resourcesOf(examined, 'AWS::Lambda::Function');
  for (const { physicalId } of functions) {
    const { state, lastUpdate } = await examined.stack.function(physicalId);
    if (state !== 'Active' && state !== 'Inactive')
      faults.push(
        failed(
          `${physicalId} is ${state}`,
          `aws lambda get-function-configuration --function-name ${physicalId}`,
        ),
      );
    if (lastUpdate === 'Failed')
      faults.push(failed(`the last update of ${physicalId} failed`, 'deploy the stack again'));
  }
  const mappings = resourcesOf(examined, 'AWS::Lambda::EventSourceMapping');
  for (const { logicalId, physicalId } of mappings) {
    const { state, lastResult } = await examined.stack.mapping(physicalId);
    if (state !== 'Enabled')
      faults.push(
        failed(
          `${logicalId} is ${state}: it wakes nobody`,
          `aws lambda update-event-source-mapping --enabled --uuid ${physicalId}`,
        ),
      );
    else if (lastResult.startsWith('PROBLEM')) {
      faults.push(failed(`${logicalId}: ${lastResult}`, "see the function's last errors below"));
    }
  }
  if (faults.length > 0) return faults;
  return [
    passed(`${functions.length} are active; ${mappings.length} readers of queue and stream are enabled`),
  ];
}

const hour = 3_600_000;

/** Whether a function logged an error within the last hour. */
export async function checkErrors(examined: ExaminedStack): Promise<CheckResult[]> {
  const { passed, failed } = resultsOfCheck('errors');
  const now = examined.clock.now();
  const since = new Date(now - hour);
  const faults: CheckResult[] = [];
  const functions = resourcesOf(examined, 'AWS::Lambda::Function');
  for (const { physicalId } of functions) {
    const error = await examined.stack.lastError(physicalId, since);
    if (error === null) continue;
    const minutes = Math.max(0, Math.round((now - error.at.getTime()) / 60_000));
    faults.push(
      failed(
        `${physicalId}, ${minutes} min ago: ${error.message}`,
        `see the log group /aws/lambda/${physicalId}`,
      ),
    );
  }
  return faults.length > 0 ? faults : [passed(`none within the last hour, in ${functions.length} functions`)];
}

/**
 * Whether every role may what it may as deployed: taken away, denied or limited since, a function
 * fails where it needs it.
 */
export async function checkRoles(examined: ExaminedStack): Promise<CheckResult[]> {
  const { passed, noted, failed } = resultsOfCheck('roles');
  const found: CheckResult[] = [];
  const roles = resourcesOf(examined, 'AWS::IAM::Role');
  for (const { logicalId, physicalId } of roles) {
    const { allowed, denied, hasBoundary } = await examined.stack.grants(physicalId);
    const needed = neededBy(examined, logicalId);
    const lacking = needed.filter((action) => !covers(allowed, action) || covers(denied, action));
    if (lacking.length > 0) {
      found.push(failed(`${logicalId} may not ${lacking.join(', ')}, as it may when deployed`, changeBack));
    } else if (hasBoundary) {
      found.push(noted(`${logicalId} has a permissions boundary`, 'see that it allows what the role does'));
    }
  }
  return found.length > 0 ? found : [passed(`${roles.length} may do what they were deployed with`)];
}

interface PolicyDocument {
  readonly Statement: readonly { readonly Effect: string; readonly Action: string | readonly string[] }[];
}
interface RoleProperties {
  readonly Policies?: readonly { readonly PolicyDocument: PolicyDocument }[];
}
interface PolicyProperties {
  readonly Roles?: readonly { readonly Ref?: string }[];
  readonly PolicyDocument?: PolicyDocument;
}

/** The actions that the template allows a role, in its own policies and in those that name it. */
function neededBy({ description }: ExaminedStack, role: string): string[] {
  const { Resources } = description.template;
  const { Policies = [] } = (Resources[role]?.Properties ?? {}) as RoleProperties;
  const others = Object.values(Resources)
    .filter(({ Type }) => Type === 'AWS::IAM::Policy')
    .map(({ Properties }) => Properties as PolicyProperties)
    .filter(({ Roles = [] }) => Roles.some(({ Ref }) => Ref === role));
  const documents = [...Policies, ...others].flatMap(({ PolicyDocument }) => PolicyDocument ?? []);
  const statements = documents
    .flatMap(({ Statement }) => Statement)
    .filter(({ Effect }) => Effect === 'Allow');
  return [...new Set(statements.flatMap(({ Action }) => Action))];
}

/**
 * Patterns of actions know `*` and `?`, and no case:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
 */
function covers(patterns: readonly string[], action: string): boolean {
  return patterns.some((pattern) => {
    const source = pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.');
    return new RegExp(`^${source}$`, 'i').test(action);
  });
}
