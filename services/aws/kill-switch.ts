/** Keeps Rewind from writing to ECS, at once and without a deployment. */
export interface KillSwitch {
  /**
   * Why Rewind must not write to ECS now, as a sentence; null when it may. Never throws: where
   * nobody can tell, it must not. Asked directly before each write, and for nothing else.
   */
  heldBecause(): Promise<string | null>;
}

/**
 * For what was begun while Rewind was deployed to enforce, and is found once it only observes: its
 * roles cannot write any more.
 */
export const observing: KillSwitch = { heldBecause: async () => 'Rewind is deployed to observe only' };
