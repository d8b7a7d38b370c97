const { arn, functionArn } = require('../../arns.cjs');

/**
 * The rights that the back-ends of a policy file need (docs/analysis/back-ends.md): each only where
 * a metric asks for it, for what it names, and for the functions that reconcile. Nothing where
 * load balancers are all that is asked.
 */
module.exports = function measuringOf({ defaults = {}, services = [] }) {
  const providers = [defaults, ...services].flatMap(({ analysis }) =>
    (analysis?.metrics ?? []).flatMap(({ provider }) => provider ?? []),
  );
  const Statement = providers.flatMap(statementsOf).filter(isFirst);
  if (Statement.length === 0) return {};
  const Properties = {
    PolicyName: 'measuring',
    Roles: [{ Ref: 'ReconcilerRole' }, { Ref: 'SweepRole' }],
    PolicyDocument: { Version: '2012-10-17', Statement },
  };
  return { Resources: { Measuring: { Type: 'AWS::IAM::Policy', Properties } } };
};

/** The role has the right to ask CloudWatch for metrics anyway. */
function statementsOf({ prometheus, logs, http, lambda }) {
  return [
    ...(prometheus?.authentication?.sigv4 ? [allow('aps:QueryMetrics', workspaceIn(prometheus))] : []),
    ...Object.values((prometheus ?? http)?.authentication?.headers ?? {}).flatMap(readSecret),
    ...(logs ? readLogs(logs.logGroup) : []),
    ...(lambda ? [allow('lambda:InvokeFunction', functionArn(lambda.function))] : []),
  ];
}

/** `https://aps-workspaces.<region>.amazonaws.com/workspaces/<id>`. */
function workspaceIn({ address, authentication }) {
  const [, id = '*'] = /\/workspaces\/([\w-]+)/.exec(address) ?? [];
  return arn(`aps:${authentication.sigv4.region}:\${AWS::AccountId}:workspace/${id}`);
}

/** Logs Insights takes no resource for the results of a query. */
function readLogs(logGroup) {
  const group = arn(`logs:\${AWS::Region}:\${AWS::AccountId}:log-group:${logGroup}:*`);
  return [allow('logs:StartQuery', group), allow('logs:GetQueryResults', '*')];
}

/**
 * Systems Manager hands out the secrets of Secrets Manager to whoever may read them there.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/integration-ps-secretsmanager.html
 */
function readSecret(secret) {
  const [, partition, service, region, account, , name = ''] = secret.split(':');
  if (service === 'ssm') return [allow('ssm:GetParameter', secret)];
  const reference = `parameter/aws/reference/secretsmanager/${name.replace(/-\w{6}$/, '')}`;
  return [
    allow('ssm:GetParameter', `arn:${partition}:ssm:${region}:${account}:${reference}`),
    allow('secretsmanager:GetSecretValue', secret),
  ];
}

function allow(Action, Resource) {
  return { Effect: 'Allow', Action, Resource };
}

function isFirst(statement, index, all) {
  const text = JSON.stringify(statement);
  return all.findIndex((other) => JSON.stringify(other) === text) === index;
}
