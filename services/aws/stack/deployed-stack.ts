import type { RewindEvent } from '../../../state-machines/log/events';
import type { EventLog } from '../../event-log/event-log';
import type { Inventory } from '../ecs/inventory';

/**
 * A Rewind that is deployed, looked at from outside. Every method throws what the SDK throws, after
 * the SDK's own retries.
 */
export interface DeployedStack {
  /** Null when there is no stack of that name. */
  describe(): Promise<StackDescription | null>;
  rule(name: string): Promise<StackRule>;
  /** Whether EventBridge would let the notification through a rule with this pattern. */
  matches(pattern: string, notification: object): Promise<boolean>;
  /** Who else may put on the bus: accounts by their ids. */
  forwardingAccounts(): Promise<readonly string[]>;
  /** `ENABLED`, or another state. */
  archiveState(name: string): Promise<string>;
  queue(url: string): Promise<StackQueue>;
  function(name: string): Promise<StackFunction>;
  /** What wakes a function: Lambda's reading of a queue or stream. */
  mapping(id: string): Promise<StackMapping>;
  /** The last line that the function logged as an error since then; null when there is none. */
  lastError(functionName: string, since: Date): Promise<LoggedError | null>;
  grants(roleName: string): Promise<RoleGrants>;
  table(name: string): Promise<StackTable>;
  /** The value of a parameter of Systems Manager. */
  parameter(name: string): Promise<string>;
  /** The services of the account and region. */
  readonly inventory: Pick<Inventory, 'services' | 'describe'>;
  /** Puts a probe on the bus, and returns the id under which it will stand in the log. */
  putProbe(): Promise<string>;
  eventLog(table: string): EventLog;
  /** Takes a probe out of the log again: its stream is nobody else's. */
  clearProbe(table: string, probe: RewindEvent): Promise<void>;
  /** How far this machine's clock is before that of AWS, in seconds, by the last answer. */
  clockAheadSeconds(): number;
}

export interface StackDescription {
  readonly account: string;
  readonly region: string;
  /** CREATE_COMPLETE, UPDATE_ROLLBACK_COMPLETE … */
  readonly status: string;
  readonly outputs: { readonly [name: string]: string };
  readonly resources: readonly StackResource[];
  /** As it was deployed: what is otherwise now, somebody has changed by hand. */
  readonly template: Template;
}

export interface StackResource {
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string;
}

export interface Template {
  readonly Resources: {
    readonly [logicalId: string]: {
      readonly Type: string;
      readonly Properties?: { readonly [name: string]: unknown };
    };
  };
}

export interface StackRule {
  readonly state: string;
  /** JSON; null for a rule with a schedule. */
  readonly pattern: string | null;
  readonly targets: readonly string[];
}

export interface StackQueue {
  readonly arn: string;
  readonly messages: number;
  /** JSON, who may send to it; empty when nobody else may. */
  readonly policy: string;
}

export interface StackFunction {
  readonly state: string;
  readonly lastUpdate: string;
  readonly environment: { readonly [name: string]: string };
}

export interface StackMapping {
  readonly functionArn: string;
  readonly state: string;
  readonly lastResult: string;
}

export interface LoggedError {
  readonly at: Date;
  readonly message: string;
}

/**
 * What the policies of a role say, by patterns of actions. Conditions and resources are not
 * weighed.
 */
export interface RoleGrants {
  readonly allowed: readonly string[];
  readonly denied: readonly string[];
  readonly hasBoundary: boolean;
}

export interface StackTable {
  readonly status: string;
  readonly hasStream: boolean;
}
