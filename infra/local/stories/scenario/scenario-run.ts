import type { RecordedEvent } from '../../../../services/event-log/event-log';
import { parseServiceArn, type ServiceArn } from '../../../../state-machines/log/identifiers';
import { secondsAfter } from '../../../../state-machines/log/instant';
import type { EcsSimulator, SimulationClock } from '../../../ecs-simulator/src/ecs-simulator';
import type { Presence } from '../../presence';
import { Director } from './director';
import type { Operator } from './operator';
import type { Scenario, ScenarioStep } from './scenario-schema';

interface ScenarioRunParts {
  readonly clock: SimulationClock;
  readonly simulator: EcsSimulator;
  readonly scenario: Scenario;
  /** Who goes back through Rewind; left out where no Rewind is. */
  readonly operator?: Operator;
  /** Left out where no Rewind is. */
  readonly presence?: Presence;
  /** Receives each step before it is taken. */
  readonly onStep?: (step: ScenarioStep) => void;
  /** Receives what ECS refused; thrown if left out. */
  readonly onRefusal?: (error: unknown) => void;
}

/** One run of a scenario, on any clock: with the deployed handlers, or in process. */
export class ScenarioRun {
  readonly director: Director;
  readonly #parts: ScenarioRunParts;
  readonly #waiting: ScenarioStep[];
  #left: number;

  constructor(parts: ScenarioRunParts) {
    const { simulator, scenario } = parts;
    this.#parts = parts;
    this.director = new Director(simulator, scenario);
    this.#waiting = scenario.steps.filter(({ when }) => when !== undefined);
    this.#left = scenario.steps.length;
  }

  /**
   * Begins the story now: what there is from the beginning, and each step that has an instant at
   * that instant.
   */
  begin(): void {
    const { clock, scenario } = this.#parts;
    const origin = clock.now();
    for (const step of scenario.steps) {
      if (step.at !== undefined) clock.schedule(secondsAfter(origin, step.at), () => this.#take(step));
    }
    this.director.begin();
  }

  /** Whether steps are left to be taken. */
  get hasStepsLeft(): boolean {
    return this.#left > 0;
  }

  /** Whether the next step that waits for a stable service may be taken, by what the log holds. */
  isNextDue(recorded: readonly RecordedEvent[]): boolean {
    const stable = this.#waiting[0]?.when?.stable;
    return stable !== undefined && hasProvenItself(recorded, this.serviceArn(stable));
  }

  /** Takes the next step that waits for a stable service. */
  takeNext(): void {
    const step = this.#waiting.shift();
    if (step !== undefined) this.#take(step);
  }

  serviceArn(name: string): ServiceArn {
    return parseServiceArn(
      `arn:aws:ecs:us-east-1:123456789012:service/${this.#parts.scenario.cluster}/${name}`,
    );
  }

  #take(step: ScenarioStep): void {
    this.#parts.onStep?.(step);
    try {
      if (step.rollback !== undefined) {
        this.#rollBack(step.rollback);
        return;
      }
      this.#left -= 1;
      if (step.rewind !== undefined) this.#send(step.rewind);
      else this.director.take(step);
    } catch (error) {
      if (this.#parts.onRefusal === undefined) throw error;
      this.#parts.onRefusal(error);
    }
  }

  #send(whereTo: NonNullable<ScenarioStep['rewind']>): void {
    const { presence } = this.#parts;
    if (presence === undefined) throw new Error('no Rewind is there that could be away');
    if (whereTo === 'away') presence.leave();
    else presence.comeBack();
  }

  /** The step is taken when the command has ended: until then ECS may not know of it. */
  #rollBack({ service, ...wish }: NonNullable<ScenarioStep['rollback']>): void {
    const { operator } = this.#parts;
    if (operator === undefined) throw new Error('rewind rollback goes back by the log, which Rewind keeps');
    operator.rollBack({ ...wish, service: this.serviceArn(service) }, () => {
      this.director.lookForDeployment();
      this.#left -= 1;
    });
  }
}

/** Whether a rollout of the service has succeeded and none is under way. Pure. */
function hasProvenItself(recorded: readonly RecordedEvent[], service: ServiceArn): boolean {
  const own = recorded.map(({ event }) => event).filter((event) => event.service === service);
  const opened = own.filter(({ type }) => type === 'RolloutOpened').length;
  const concluded = own.filter((event) => event.type === 'RolloutConcluded');
  return concluded.some(({ outcome }) => outcome === 'succeeded') && concluded.length >= opened;
}
