import type { Scene } from '../service/scene';
import type { SettingChoice } from '../service/service-setting';

/**
 * What a rollout is in truth. A `hopeless` one is good, and nothing that ECS or CloudWatch tells
 * distinguishes it from a bad one by the time that a verdict is due.
 */
type Truth = 'good' | 'bad' | 'hopeless';

/** A kind of rollout: what is the matter with the release, or with everything around it. */
export interface Kind {
  readonly name: string;
  readonly truth: Truth;
  /** Kinds that a table adds up. */
  readonly group: string;
  /** Whether it belongs to the mix whose totals are compared, or was added to it later. */
  readonly isInMix: boolean;
  /** What its services have, over what the seed chooses. */
  readonly setting: SettingChoice;
  /** Says what befalls the tasks. Called before the service is created. */
  readonly stage: (scene: Scene) => void;
}
