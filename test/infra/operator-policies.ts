import { readFileSync } from 'node:fs';
import path from 'node:path';
import { projectFolder } from '../../infra/local/aws/declared/cloudformation';
import { operatorActions } from '../../state-machines/log/operator/operator-act';

/** Who runs which commands, each with a policy that is shipped. */
export const operatorPolicies = ['look', 'wait', 'act'] as const;
type OperatorPolicy = (typeof operatorPolicies)[number];

const looking: ReadonlySet<string> = new Set(['status', 'watch', 'dashboard', 'history', 'diff', 'open']);
/** Each act has its command. */
const acting: ReadonlySet<string> = new Set(operatorActions);

/** By which policy a command has to get along; null for one that is no operator's. */
export function policyOf(verb: string): OperatorPolicy | null {
  if (looking.has(verb)) return 'look';
  if (verb === 'wait') return 'wait';
  return acting.has(verb) ? 'act' : null;
}

export function policyFile(policy: OperatorPolicy): string {
  return `action/policies/${policy}.json`;
}

interface PolicyDocument {
  readonly Statement: readonly {
    readonly Action: readonly string[];
    readonly Effect: string;
    readonly Resource: string;
  }[];
}

/** What a policy allows, sorted: `ecs:UpdateService`, and `… on index` for an index. */
export function allowedActions(policy: OperatorPolicy): string[] {
  const text = readFileSync(path.join(projectFolder, policyFile(policy)), 'utf8');
  const { Statement } = JSON.parse(text) as PolicyDocument;
  return Statement.flatMap(({ Action, Resource }) =>
    Resource.includes('/index/') ? Action.map((action) => `${action} on index`) : Action,
  ).sort();
}
