import type { Policy } from '../../state-machines/log/policy';
import { type PolicyFile, policyFileOf } from '../policy/policy-file';
import type { PolicyContent } from '../policy/policy-file-schema';
import type { AccountRegion } from './account-regions';
import { type Clock, clockFrom } from './clock';

/** What a function reads from its environment; see serverless.yml for what is set there. */
export interface Config {
  readonly table: string;
  readonly policies: PolicyFile;
  /**
   * What Rewind may do at most, whatever a policy or a tag says: as it is deployed, so its roles
   * allow.
   */
  readonly mode: Policy['mode'];
  readonly clock: Clock;
  /** Name of the parameter that stops Rewind; null when there is none. */
  readonly killSwitch: string | null;
  /** After how many days an observed event may leave the log; 0 for never. */
  readonly observedEventsDays: number;
  /** The period of the discovery. */
  readonly discoverySeconds: number;
  /** ARN of the topic that people subscribe to; null when none is to be told. */
  readonly topic: string | null;
  /** The account and region in which Rewind itself runs; null where nothing tells. */
  readonly home: AccountRegion | null;
  /** ARN of the function's own role; null where nothing tells. */
  readonly role: string | null;
}

/** A function cannot run with the environment it was given. */
export class InvalidConfigError extends Error {
  override readonly name = 'InvalidConfigError';
}

/**
 * Throws InvalidConfigError, so that a deployment with a wrong environment fails at its first
 * start.
 */
export function readConfig(environment: NodeJS.ProcessEnv): Config {
  const table = environment.REWIND_TABLE;
  if (!table) throw new InvalidConfigError('REWIND_TABLE must name the table of the event log');
  return {
    table,
    policies: policies(environment.REWIND_POLICY || '{}'),
    mode: mode(environment.REWIND_MODE),
    observedEventsDays: wholeNumber(
      'REWIND_OBSERVED_EVENTS_DAYS',
      environment.REWIND_OBSERVED_EVENTS_DAYS || '0',
    ),
    killSwitch: environment.REWIND_KILL_SWITCH || null,
    clock: clockFrom(environment.REWIND_CLOCK),
    discoverySeconds:
      wholeNumber('REWIND_DISCOVERY_MINUTES', environment.REWIND_DISCOVERY_MINUTES || '5') * 60,
    topic: environment.REWIND_TOPIC || null,
    home: homeIn(environment),
    role: environment.REWIND_ROLE || null,
  };
}

function homeIn({ REWIND_ACCOUNT: account, AWS_REGION: region }: NodeJS.ProcessEnv): AccountRegion | null {
  return account && region ? { account, region } : null;
}

/** What infra/policy-text.cjs made of the policy file: it was checked there, and is in JSON. */
function policies(json: string): PolicyFile {
  return policyFileOf(JSON.parse(json) as PolicyContent);
}

function mode(text: string | undefined): Policy['mode'] {
  if (text === 'observe' || text === 'enforce') return text;
  throw new InvalidConfigError(`REWIND_MODE must be observe or enforce, not "${text ?? ''}"`);
}

function wholeNumber(name: string, text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new InvalidConfigError(`${name} must be a whole number, not "${text}"`);
}
