const policyText = require('./policy-text.cjs');

/**
 * What serverless.yml and the files beside this one make of the deployment's parameters: `${file(infra/parameters.cjs):<name>}`.
 * docs/deploy.md has the table of them. Throws a sentence for a value that is none, before anything is deployed.
 */
module.exports = async ({ resolveVariable }) => {
  const clusters = names('clusters', await resolveVariable('param:clusters'));
  const roles = names('passableRoles', await resolveVariable('param:passableRoles'));
  const mode = oneOf(['observe', 'enforce'], 'mode', await resolveVariable('param:mode'));
  const { accounts = {} } = JSON.parse(await policyText({ resolveVariable }));
  const memberRoles = Object.values(accounts).flatMap(({ role }) => role ?? []);
  return {
    mode,
    services: clusters.map((cluster) => ecsArn(`service/${cluster}/*`)),
    servicesAndTheirDeployments: clusters.flatMap((cluster) =>
      ['service', 'service-deployment', 'service-revision'].map((kind) => ecsArn(`${kind}/${cluster}/*`)),
    ),
    tasks: clusters.map((cluster) => ecsArn(`task/${cluster}/*`)),
    inClusters: { ArnLike: { 'ecs:cluster': clusters.map((cluster) => ecsArn(`cluster/${cluster}`)) } },
    passableRoles: roles.map((role) => arn(`iam::\${AWS::AccountId}:role/${role}`)),
    // Nothing at all in observe mode: a role without the right to write cannot write by mistake.
    // biome-ignore lint/suspicious/noTemplateCurlyInString: osls reads the file
    takingBack: mode === 'enforce' ? '${file(infra/roles/taking-back.yml)}' : {},
    // biome-ignore lint/suspicious/noTemplateCurlyInString: osls reads the file
    guarding: mode === 'enforce' ? '${file(infra/roles/guarding.yml)}' : {},
    memberRoles,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: osls reads the file
    reaching: memberRoles.length > 0 ? '${file(infra/roles/reaching.yml)}' : {},
    forwarding: { Resources: Object.fromEntries(Object.keys(accounts).map(letForward)) },
    vpcPolicies: [],
  };
};

/** Lets another account put what ECS tells there on the bus of this one; its own regions may as well. */
function letForward(account) {
  const Properties = { StatementId: `rewind-${account}`, Action: 'events:PutEvents', Principal: account };
  return [`Account${account}`, { Type: 'AWS::Events::EventBusPolicy', Properties }];
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

function ecsArn(resource) {
  return arn(`ecs:\${AWS::Region}:\${AWS::AccountId}:${resource}`);
}

function arn(rest) {
  return { 'Fn::Sub': `arn:\${AWS::Partition}:${rest}` };
}
