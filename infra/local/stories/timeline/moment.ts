import type { Instant } from '../../../../state-machines/log/instant';

/** Who did what the timeline tells; people are told of it. */
export type Who = 'operator' | 'ECS' | 'Rewind' | 'people';

/** Whether it is good news, bad news, or a detail. */
export type Tone = 'good' | 'bad' | 'plain' | 'detail';

/** What one event of the log means to a person who watches. */
export interface Moment {
  readonly at: Instant;
  readonly who: Who;
  readonly tone: Tone;
  /**
   * Moments of one kind that follow each other closely are told as one; null: always told by
   * itself.
   */
  readonly kind: string | null;
  /** The sentence for so many of them. Made when it is told: by then more may be known. */
  readonly tell: (count: number) => string;
}
