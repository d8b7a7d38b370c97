const { arn, functionArn } = require('./arns.cjs');
const measuringOf = require('./roles/measuring/measuring.cjs');
const policyText = require('./policy-text.cjs');

/**
 * What serverless.yml and the files beside this one make of the deployment's parameters:
 * `${file(infra/parameters.cjs):<name>}`. docs/deploy.md has the table of them. Throws a sentence
 * for a value that is none, before anything is deployed.
 */
module.exports = async ({ resolveVariable }) => {
  const given = (name) => resolveVariable(`param:${name}`);
  const clusters = names('clusters', await given('clusters'));
  const mode = oneOf(['observe', 'enforce'], 'mode', await given('mode'));
  const key = text(await given('kmsKey'));
  const isTraced = isOn('tracing', await given('tracing'));
  const policy = JSON.parse(await policyText({ resolveVariable }));
  const { accounts = {}, defaults, services = [] } = policy;
  const tests = [defaults, ...services].flatMap((section) => section?.tests ?? []);
  for (const schedule of ['discoveryMinutes', 'guardMinutes']) minutes(schedule, await given(schedule));
  const memberRoles = Object.values(accounts).flatMap(({ role }) => role ?? []);
  return {
    mode,
    ...permissionsIn(clusters),
    testFunctions: [...new Set(tests.flatMap(({ lambda }) => lambda?.function ?? []))].map(functionArn),
    testTaskDefinitions: [...new Set(tests.flatMap(({ task }) => task?.taskDefinition ?? []))].map(
      taskDefinitionArn,
    ),
    ...encryptionWith(key),
    ...network(text(await given('vpcSubnets')), text(await given('vpcSecurityGroups'))),
    passableRoles: names('passableRoles', await given('passableRoles')).map((role) =>
      arn(`iam::\${AWS::AccountId}:role/${role}`),
    ),
    memberRoles,
    forwarding: forwardingFrom(Object.keys(accounts), await resolveVariable('sls:stage')),
    ingestConcurrency: ingestsAtOnce(await given('ingestConcurrency')),
    everyRole: everyRole.map((role) => ({ Ref: role })),
    tracing: isTraced,
    alarmSubscriptions: byEmail(text(await given('alarmEmail'))),
    announcementSubscriptions: byEmail(text(await given('announcementEmail'))),
    observedEventsDays: days('observedEventsDays', await given('observedEventsDays')),
    // Whole files that are deployed or not. In observe mode nothing at all that writes to ECS: a
    // role without the right to write cannot write by mistake.
    takingBack: fileIf(mode === 'enforce', 'infra/roles/taking-back.yml'),
    guarding: fileIf(mode === 'enforce', 'infra/roles/guarding.yml'),
    testing: fileIf(
      mode === 'enforce' && tests.some(({ task }) => task),
      'infra/roles/tests/running-tasks.yml',
    ),
    invoking: fileIf(
      mode === 'enforce' && tests.some(({ lambda }) => lambda),
      'infra/roles/tests/calling-functions.yml',
    ),
    usingTheKey: fileIf(key !== '', 'infra/roles/using-the-key.yml'),
    tracingPolicy: fileIf(isTraced, 'infra/roles/tracing.yml'),
    reaching: fileIf(memberRoles.length > 0, 'infra/roles/reaching.yml'),
    measuring: measuringOf(policy),
    archiveDays: wholeNumber({ parameter: 'archiveDays', from: 0 }, await given('archiveDays')),
    archive: fileIf(isOn('archive', await given('archive')), 'infra/archive.yml'),
  };
};

const everyRole = [
  'IngestRole',
  'ReconcilerRole',
  'SweepRole',
  'RecoveryRole',
  'DiscoveryRole',
  'GuardRole',
  'HookRole',
  'AnnouncerRole',
];

function permissionsIn(clusters) {
  const inEach = (kind) => clusters.map((cluster) => ecsArn(`${kind}/${cluster}/*`));
  return {
    services: inEach('service'),
    servicesAndTheirDeployments: ['service', 'service-deployment', 'service-revision'].flatMap(inEach),
    tasks: inEach('task'),
    inClusters: { ArnLike: { 'ecs:cluster': clusters.map((cluster) => ecsArn(`cluster/${cluster}`)) } },
  };
}

function encryptionWith(key) {
  const isOwn = key !== '';
  return {
    keyIfAny: isOwn ? key : { Ref: 'AWS::NoValue' },
    isManagedBySqs: !isOwn,
    announcementKey: isOwn ? key : 'alias/aws/sns',
    tableEncryption: { SSEEnabled: true, ...(isOwn ? { SSEType: 'KMS', KMSMasterKeyId: key } : {}) },
  };
}

/**
 * Outside of any VPC, unless subnets and security groups are named: then Lambda needs the right to
 * make its interfaces there.
 */
function network(subnets, groups) {
  if (subnets === '') return { vpcSubnets: [], vpcSecurityGroups: [], vpcPolicies: [] };
  if (groups === '') throw new Error('the parameter vpcSubnets needs vpcSecurityGroups: at least one');
  const split = (list) => list.split(',').map((id) => id.trim());
  return {
    vpcSubnets: split(subnets),
    vpcSecurityGroups: split(groups),
    vpcPolicies: [arn('iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole')],
  };
}

/**
 * What other accounts, and other regions of this one, may put on its bus: what AWS itself tells
 * there, which nobody can forge because PutEvents refuses such a source, and what operators claim.
 */
const forwardedSources = ['aws.ecs', 'aws.cloudwatch', 'rewind.operator'];

/** One statement for all: the policy of a bus takes 10 KB. */
function forwardingFrom(accounts, stage) {
  if (accounts.length === 0) return { Resources: {} };
  const Statement = {
    Effect: 'Allow',
    Principal: { AWS: accounts.map((account) => arn(`iam::${account}:root`)) },
    Action: 'events:PutEvents',
    Resource: arn(`events:\${AWS::Region}:\${AWS::AccountId}:event-bus/default`),
    Condition: { StringEquals: { 'events:source': forwardedSources } },
  };
  const Properties = { StatementId: `rewind-${stage}-members`, Statement };
  return { Resources: { MemberAccounts: { Type: 'AWS::Events::EventBusPolicy', Properties } } };
}

/** A burst of notifications shall leave concurrency to the other functions of the account. */
function ingestsAtOnce(value) {
  const count = wholeNumber({ parameter: 'ingestConcurrency', from: 2 }, value);
  if (count <= 1000) return count;
  throw new Error(`the parameter ingestConcurrency is at most 1000, not "${value}"`);
}

function byEmail(address) {
  return address === '' ? [] : [{ Protocol: 'email', Endpoint: address }];
}

/** osls reads the file; nothing is deployed of one that is left out. */
function fileIf(isDeployed, file) {
  return isDeployed ? `\${file(${file})}` : {};
}

/** A list, or names with commas between them; each may hold stars. */
function names(parameter, value) {
  const list = (Array.isArray(value) ? value : String(value).split(',')).map((name) => String(name).trim());
  if (list.length > 0 && list.every((name) => /^[\w+=.@/*-]+$/.test(name))) return list;
  throw new Error(`the parameter ${parameter} takes names, with commas between them, not "${value}"`);
}

function oneOf(values, parameter, value) {
  if (values.includes(String(value))) return String(value);
  throw new Error(`the parameter ${parameter} is ${values.join(' or ')}, not "${value}"`);
}

function isOn(parameter, value) {
  return oneOf(['on', 'off'], parameter, value) === 'on';
}

/**
 * Old events are what a fold starts from after an upgrade: none goes before its rollouts are long
 * over.
 */
function days(parameter, value) {
  if (/^\d+$/.test(String(value)) && (Number(value) === 0 || Number(value) >= 30)) return Number(value);
  throw new Error(`the parameter ${parameter} is a number of days from 30 on, or 0 for ever, not "${value}"`);
}

/** EventBridge knows `rate(1 minute)`, and no `rate(1 minutes)`. */
function minutes(parameter, value) {
  return wholeNumber({ parameter, from: 2 }, value);
}

function wholeNumber({ parameter, from }, value) {
  if (/^\d+$/.test(String(value)) && Number(value) >= from) return Number(value);
  throw new Error(`the parameter ${parameter} is a whole number from ${from} on, not "${value}"`);
}

function text(value) {
  return value === undefined || value === null ? '' : String(value).trim();
}

/** By its family, with all its revisions or one; or by an ARN. */
function taskDefinitionArn(reference) {
  if (reference.startsWith('arn:')) return reference;
  return ecsArn(`task-definition/${reference}${reference.includes(':') ? '' : ':*'}`);
}

function ecsArn(resource) {
  return arn(`ecs:\${AWS::Region}:\${AWS::AccountId}:${resource}`);
}
