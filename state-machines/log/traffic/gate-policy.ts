/**
 * The stages at which ECS can wait for an answer.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/pause-lifecycle-hooks.html
 */
export const gateStages = [
  'PRE_SCALE_UP',
  'POST_SCALE_UP',
  'POST_TEST_TRAFFIC_SHIFT',
  'PRE_PRODUCTION_TRAFFIC_SHIFT',
  'POST_PRODUCTION_TRAFFIC_SHIFT',
] as const;
type GateStage = (typeof gateStages)[number];

/** What becomes of a gate about which the evidence leaves it open whether the release is good. */
export const undecidedActions = ['hold', 'continue', 'rollback'] as const;

/** What ECS itself does with a gate that nobody answers in time. */
export const timeoutActions = ['rollback', 'continue'] as const;

/** At which stages ECS waits, and how Rewind answers. */
export interface GatePolicy {
  readonly stages: readonly GateStage[];
  /** A gate is open for so long at least, whatever the evidence says. */
  readonly minimumSeconds: number;
  /** Where the evidence is not enough after this long, `onUndecided` says what becomes of it. */
  readonly holdSeconds: number;
  readonly onUndecided: (typeof undecidedActions)[number];
  /** After so many minutes without an answer, ECS itself does `onTimeout`. */
  readonly timeoutMinutes: number;
  readonly onTimeout: (typeof timeoutActions)[number];
}

export const defaultGates: GatePolicy = {
  stages: [],
  minimumSeconds: 0,
  holdSeconds: 1800,
  onUndecided: 'hold',
  timeoutMinutes: 60,
  onTimeout: 'rollback',
};
