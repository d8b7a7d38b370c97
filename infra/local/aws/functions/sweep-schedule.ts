import { secondsAfter } from '../../../../state-machines/log/instant';

import type { Cancel, SimulationClock } from '../../../ecs-simulator/src/ecs-simulator';

interface SweepScheduleOptions {
  readonly clock: SimulationClock;
  readonly everySeconds: number;
  readonly sweep: () => Promise<unknown>;
  /** Hears what a run threw; the next one comes in its time. */
  readonly onError: (error: unknown) => void;
}

/** EventBridge's schedule, on one machine. */
interface SweepSchedule {
  /** Waits for the run in flight; none begins afterwards. */
  stop(): Promise<void>;
}

/**
 * Runs the sweep again and again in the clock's time. One that is due while another runs is left
 * out: the other does its work.
 */
export function startSweepSchedule(options: SweepScheduleOptions): SweepSchedule {
  const { clock, everySeconds, sweep, onError } = options;
  let running: Promise<unknown> | null = null;
  let cancel: Cancel = () => {};
  const run = () => {
    scheduleNext();
    running ??= sweep()
      .catch(onError)
      .finally(() => {
        running = null;
      });
  };
  const scheduleNext = () => {
    cancel = clock.schedule(secondsAfter(clock.now(), everySeconds), run);
  };
  scheduleNext();
  return {
    async stop() {
      cancel();
      await running;
    },
  };
}
