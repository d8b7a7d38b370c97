import type { DeployedStack, StackDescription, StackResource } from '../../aws/stack/deployed-stack';
import type { WaitingClock } from '../../runtime/clock';

/** A stack that is there, and what it is held against. */
export interface ExaminedStack {
  readonly stack: DeployedStack;
  readonly description: StackDescription;
  /** Of this command line. */
  readonly version: string;
  /** How long the probe may take; null when none is to be sent. */
  readonly probeSeconds: number | null;
  readonly clock: WaitingClock;
}

/** The stack's resources of a type, by their logical ids. */
export function resourcesOf({ description }: ExaminedStack, type: string): readonly StackResource[] {
  return description.resources.filter((resource) => resource.type === type);
}

/**
 * CloudFormation compares templates:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html
 */
export const changeBack =
  'somebody changed it by hand: change it back, as the drift of the stack shows it; a deployment of the same template does not';
