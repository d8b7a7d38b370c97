import { type EventPattern, matchesEventPattern } from '../bus/event-patterns';
import { killSwitch } from '../functions/handler-environment';
import { type DeployedAccount, physicalIdOf } from './deployed-account';
import { xml } from './xml';

/** AWS refuses the call: the name and status by which its clients know why. */
export class RefusedError extends Error {
  override readonly name: string;
  readonly status: number;

  constructor(name: string, message: string, status = 400) {
    super(message);
    this.name = name;
    this.status = status;
  }
}

type Input = Readonly<Record<string, string>>;
type Answers<Output> = Readonly<Record<string, (account: DeployedAccount, input: Input) => Output>>;

/**
 * What EventBridge, SQS and CloudWatch Logs answer, by the operation that the target of a request
 * names.
 */
export const jsonAnswers: Answers<object> = {
  'AWSEvents.DescribeRule': ({ rules }, { Name = '' }) => {
    const { state, pattern } = known(rules, Name, 'ResourceNotFoundException');
    return { Name, State: state, ...(pattern === null ? {} : { EventPattern: JSON.stringify(pattern) }) };
  },
  'AWSEvents.ListTargetsByRule': ({ rules }, { Rule = '' }) => ({
    Targets: known(rules, Rule, 'ResourceNotFoundException').targets.map((Arn, index) => ({
      Id: `${index}`,
      Arn,
    })),
  }),
  'AWSEvents.TestEventPattern': (_, { EventPattern = '{}', Event = '{}' }) => ({
    Result: matchesEventPattern(JSON.parse(EventPattern) as EventPattern, JSON.parse(Event)),
  }),
  'AWSEvents.DescribeEventBus': ({ forwarding }) => ({
    Name: 'default',
    ...(forwarding.length === 0 ? {} : { Policy: JSON.stringify({ Statement: forwarding.map(mayForward) }) }),
  }),
  'AWSEvents.DescribeArchive': ({ archives }, { ArchiveName = '' }) => ({
    ArchiveName,
    State: known(archives, ArchiveName, 'ResourceNotFoundException').state,
  }),
  'AmazonSQS.GetQueueAttributes': ({ queues }, { QueueUrl = '' }) => {
    const { arn, messages, policy } = known(queues, nameIn(QueueUrl), 'QueueDoesNotExist');
    return { Attributes: { QueueArn: arn, ApproximateNumberOfMessages: `${messages()}`, Policy: policy } };
  },
  'Logs_20140328.FilterLogEvents': ({ logs }, { logGroupName = '', startTime = '0' }) => ({
    events: logs
      .filter(({ functionName, at }) => logGroupName.endsWith(`/${functionName}`) && at >= Number(startTime))
      .map(({ at, line }) => ({ timestamp: at, message: line })),
  }),
};

/** What CloudFormation, IAM, STS and SNS answer, by the action that the form of a request names. */
export const xmlAnswers: Answers<string> = {
  DescribeStacks: (account, { StackName = account.stackName }) => {
    requireStack(account, StackName);
    const { region, stackName, stackStatus, version } = account;
    const StackId = `arn:aws:cloudformation:${region}:${account.account}:stack/${stackName}/1`;
    const Outputs = [
      { OutputKey: 'EventLogTableName', OutputValue: account.tableName },
      { OutputKey: 'KillSwitchName', OutputValue: killSwitch },
      ...(version === '' ? [] : [{ OutputKey: 'RewindVersion', OutputValue: version }]),
    ];
    const stack = {
      StackId,
      StackName,
      CreationTime: '2026-01-01T00:00:00Z',
      StackStatus: stackStatus,
      Outputs,
    };
    return xml({ Stacks: [stack] });
  },
  ListStackResources: (account, { StackName = '' }) => {
    requireStack(account, StackName);
    const resources = Object.entries(account.template.Resources).map(([id, resource]) => ({
      LogicalResourceId: id,
      PhysicalResourceId:
        resource.Type === 'AWS::DynamoDB::Table' ? account.tableName : physicalIdOf(id, resource),
      ResourceType: resource.Type,
      LastUpdatedTimestamp: '2026-01-01T00:00:00Z',
      ResourceStatus: 'CREATE_COMPLETE',
    }));
    return xml({ StackResourceSummaries: resources });
  },
  GetCallerIdentity: ({ account }, { Caller: caller = 'operator' }) =>
    xml({ Arn: `arn:aws:iam::${account}:user/${caller}`, UserId: caller, Account: account }),
  GetTemplate: ({ template }) => xml({ TemplateBody: JSON.stringify(template) }),
  GetRole: ({ roles }, { RoleName = '' }) => {
    const { hasBoundary } = known(roles, RoleName, 'NoSuchEntity');
    const boundary = {
      PermissionsBoundary: { PermissionsBoundaryArn: 'arn:aws:iam::123456789012:policy/limit' },
    };
    const role = { RoleName, Path: '/', RoleId: 'local', Arn: 'local', CreateDate: '2026-01-01T00:00:00Z' };
    return xml({ Role: { ...role, ...(hasBoundary ? boundary : {}) } });
  },
  ListRolePolicies: ({ roles }, { RoleName = '' }) =>
    xml({ PolicyNames: [...known(roles, RoleName, 'NoSuchEntity').policies.keys()], IsTruncated: 'false' }),
  GetRolePolicy: ({ roles }, { RoleName = '', PolicyName = '' }) => {
    const document = known(known(roles, RoleName, 'NoSuchEntity').policies, PolicyName, 'NoSuchEntity');
    return xml({ RoleName, PolicyName, PolicyDocument: encodeURIComponent(JSON.stringify(document)) });
  },
  /** https://docs.aws.amazon.com/sns/latest/api/API_Publish.html says what a subject may be. */
  Publish: ({ topics }, { TopicArn = '', Subject: subject = '', Message: text = '' }) => {
    const topic = known(topics, TopicArn, 'NotFound');
    if (!/^[!-~][ -~]{0,98}$/.test(subject)) throw new RefusedError('InvalidParameter', 'Subject');
    topic.publish({ subject, text });
    return xml({ MessageId: 'local' });
  },
  ListAttachedRolePolicies: () => xml({ AttachedPolicies: [], IsTruncated: 'false' }),
};

function mayForward(account: string) {
  return { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: 'events:PutEvents' };
}

/** What Lambda answers to a path; null for one that is not its own. */
export function lambdaAnswer({ functions, mappings }: DeployedAccount, path: string): object | null {
  const [, name] = /^\/2015-03-31\/functions\/([^/]+)\/configuration/.exec(path) ?? [];
  if (name !== undefined) {
    const { state, lastUpdate, environment } = known(functions, name, 'ResourceNotFoundException');
    return {
      FunctionName: name,
      State: state,
      LastUpdateStatus: lastUpdate,
      Environment: { Variables: environment },
    };
  }
  const [, id] = /^\/2015-03-31\/event-source-mappings\/([^/?]+)/.exec(path) ?? [];
  if (id === undefined) return null;
  const { functionName, state, lastResult } = known(mappings, id, 'ResourceNotFoundException');
  return { UUID: id, FunctionArn: functionName, State: state, LastProcessingResult: lastResult };
}

function known<Part>(parts: ReadonlyMap<string, Part>, name: string, error: string): Part {
  const part = parts.get(name);
  if (part === undefined) throw new RefusedError(error, `${name} does not exist.`, 404);
  return part;
}

function requireStack({ stackName }: DeployedAccount, name: string): void {
  if (name !== stackName) throw new RefusedError('ValidationError', `Stack with id ${name} does not exist`);
}

function nameIn(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1);
}
