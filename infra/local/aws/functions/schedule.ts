import { secondsAfter } from '../../../../state-machines/log/instant';

import type { Cancel, SimulationClock } from '../../../ecs-simulator/src/ecs-simulator';

interface ScheduleOptions {
  readonly clock: SimulationClock;
  readonly everySeconds: number;
  readonly invoke: () => Promise<unknown>;
  /** Hears what a run threw; the next one comes in its time. */
  readonly onError: (error: unknown) => void;
}

/** EventBridge's schedule of one function, on one machine. */
interface Schedule {
  /** Waits for the run in flight; none begins afterwards. */
  stop(): Promise<void>;
}

/**
 * Runs a function again and again in the clock's time. A run that is due while another goes on is
 * left out: the other does its work.
 */
export function startSchedule({ clock, everySeconds, invoke, onError }: ScheduleOptions): Schedule {
  let running: Promise<unknown> | null = null;
  let cancel: Cancel = () => {};
  const run = () => {
    scheduleNext();
    running ??= invoke()
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
