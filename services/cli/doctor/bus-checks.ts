import type { StackResource, StackRule } from '../../aws/stack/deployed-stack';
import { type CheckResult, resultsOfCheck } from './check-result';
import { changeBack, type ExaminedStack, resourcesOf } from './examined-stack';
import { sampleNotifications } from './sample-notifications';

/** Whether every rule is on, leads somewhere, and lets through what it should and nothing else. */
export async function checkRules(examined: ExaminedStack): Promise<CheckResult[]> {
  const { passed, failed } = resultsOfCheck('rules');
  const rules = resourcesOf(examined, 'AWS::Events::Rule');
  const missing = [...sampleNotifications.keys()].filter(
    (id) => !rules.some(({ logicalId }) => logicalId === id),
  );
  const faults = [
    ...missing.map((id) => failed(`${id} is not in the stack`, 'deploy the version that you run here')),
    ...(await Promise.all(rules.map((rule) => ruleFaults(examined, rule)))).flat(),
  ];
  if (faults.length > 0) return faults;
  return [passed(`${rules.length} are enabled and match what they should, and nothing else`)];
}

async function ruleFaults(
  { stack }: ExaminedStack,
  { logicalId, physicalId }: StackResource,
): Promise<CheckResult[]> {
  const { failed } = resultsOfCheck('rules');
  const rule = await stack.rule(physicalId);
  if (rule.state !== 'ENABLED') {
    const said = `${logicalId} is ${rule.state}: nothing comes through it`;
    return [failed(said, `aws events enable-rule --name ${physicalId}`)];
  }
  if (rule.targets.length === 0) return [failed(`${logicalId} has no target`, changeBack)];
  // The others are schedules, and the guard's own, which hears of calls as ServiceCallRule does.
  if (rule.pattern === null || !sampleNotifications.has(logicalId)) return [];
  const mismatches = await mismatchesOf(stack, { logicalId, pattern: rule.pattern });
  return mismatches.map((mismatch) => failed(mismatch, changeBack));
}

async function mismatchesOf(
  stack: ExaminedStack['stack'],
  { logicalId, pattern }: { readonly logicalId: string; readonly pattern: NonNullable<StackRule['pattern']> },
): Promise<string[]> {
  const faults: string[] = [];
  for (const [id, sample] of sampleNotifications) {
    const isLetThrough = await stack.matches(pattern, sample);
    const isRight = isLetThrough === (id === logicalId);
    if (!isRight)
      faults.push(`${logicalId} ${isLetThrough ? 'also lets' : 'does not let'} through what ${id} is for`);
  }
  return faults;
}

/** Whether the rules may put into the queue that ingest reads, and lead there. */
export async function checkDelivery(examined: ExaminedStack): Promise<CheckResult[]> {
  const { passed, failed } = resultsOfCheck('delivery');
  const notifications = resourcesOf(examined, 'AWS::SQS::Queue').find(
    ({ logicalId }) => logicalId === 'NotificationQueue',
  );
  if (notifications === undefined)
    return [failed('the stack has no NotificationQueue', 'deploy the stack again')];
  const queue = await examined.stack.queue(notifications.physicalId);
  const rules = resourcesOf(examined, 'AWS::Events::Rule').filter(({ logicalId }) =>
    sampleNotifications.has(logicalId),
  );
  const faults: string[] = [];
  for (const { logicalId, physicalId } of rules) {
    const { targets } = await examined.stack.rule(physicalId);
    if (!targets.includes(queue.arn)) faults.push(`${logicalId} does not lead to the queue of notifications`);
    if (!queue.policy.includes(`:rule/${physicalId}"`)) faults.push(`the queue does not let ${logicalId} in`);
  }
  if (faults.length > 0) return faults.map((fault) => failed(fault, changeBack));
  return [passed(`all ${rules.length} rules lead to the queue, and it lets them in`)];
}

/** Many more than a batch: ingest does not keep up. */
const backlog = 1000;

/** Whether nothing was given up, and nothing piles up. */
export async function checkQueues(examined: ExaminedStack): Promise<CheckResult[]> {
  const { passed, noted, failed } = resultsOfCheck('queues');
  const found: CheckResult[] = [];
  const queues = resourcesOf(examined, 'AWS::SQS::Queue');
  for (const { logicalId, physicalId } of queues) {
    const { messages } = await examined.stack.queue(physicalId);
    if (logicalId.endsWith('DeadLetterQueue')) {
      if (messages === 0) continue;
      const said = `${logicalId} holds ${messages}: nobody looked at what was given up`;
      found.push(failed(said, 'read one (aws sqs receive-message), mend the cause, then redrive the queue'));
    } else if (messages > backlog) {
      found.push(noted(`${logicalId} holds ${messages}`, 'see whether ingest is throttled or fails'));
    }
  }
  return found.length > 0 ? found : [passed(`${queues.length} queues: no dead letters, no backlog`)];
}

/** Whether what Rewind reads is kept beside the log. */
export async function checkArchive(examined: ExaminedStack): Promise<CheckResult[]> {
  const { passed, noted, failed } = resultsOfCheck('archive');
  const [archive] = resourcesOf(examined, 'AWS::Events::Archive');
  if (archive === undefined) {
    const said = 'none is deployed: notifications can be replayed from the log alone';
    return [noted(said, 'deploy with the archive on, to be able to replay to another Rewind')];
  }
  const state = await examined.stack.archiveState(archive.physicalId);
  return state === 'ENABLED'
    ? [passed(`${archive.physicalId} is enabled`)]
    : [failed(`${archive.physicalId} is ${state}: nothing is added to it`, changeBack)];
}
