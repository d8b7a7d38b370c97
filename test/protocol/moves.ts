import type { CallAnswer } from '../../state-machines/decisions/decide-call-answer';
import type { CallEcs } from '../../state-machines/decisions/decision';
import { hasTimeToAct } from '../../state-machines/decisions/rollback-lease';
import type { DecidedEvent } from '../../state-machines/log/decided-events';
import type { DeploymentId } from '../../state-machines/log/identifiers';
import type { Instant } from '../../state-machines/log/instant';
import type { ObservedService } from '../../state-machines/log/observed-service';
import { type Position, positionOf } from '../../state-machines/log/position';
import { isSameRollout } from '../../state-machines/rollout/live-rollout';
import { deploymentId, running, second, started } from '../state-machines/story';
import { type Interned, Remembered } from './interned';
import {
  afterAnswer,
  afterListing,
  afterReading,
  type Calling,
  type Glasses,
  me,
  type Reconciling,
  situationOf,
  woken,
} from './reconciler-steps';
import type { ProtocolState, StateSpace, Telling } from './state';
import {
  deploy,
  describeHistory,
  goBack,
  numberIn,
  primaryOf,
  secondOf,
  type ToyEcs,
  workedOn,
} from './toy-ecs';

/** Steps of somebody, of which the last changes what others see, and the state after them. */
export interface Move {
  readonly labels: readonly string[];
  readonly state: ProtocolState;
}

function nowIn({ tick, clock }: ProtocolState): Instant {
  return second(540 + tick * clock.tickSeconds);
}

interface Answered {
  readonly after: ProtocolState;
  readonly answer: CallAnswer;
}

interface Called {
  readonly label: string;
  readonly changed: Pick<ProtocolState, 'ecs' | 'untold'>;
  readonly process: Reconciling | null;
}

/** One step, which others may see or not. */
interface Step {
  readonly label: string;
  readonly state: ProtocolState;
}

/** The steps that reconcilers take. */
export class ReconcilerMoves {
  readonly #space: StateSpace;
  readonly #glasses: Glasses;
  readonly #stepped = new Remembered<Reconciling | null>();
  readonly #called = new Remembered<Called>();

  constructor(space: StateSpace, glasses: Glasses) {
    this.#space = space;
    this.#glasses = glasses;
  }

  /** The one step that a reconciler takes if it neither waits nor dies. */
  next(state: ProtocolState, index: number): Step {
    const running = state.processes[index];
    if (running != null) return this.#step(state, index, running);
    return this.#moved(state, index, { label: 'wakes', process: this.#woken(state, index, null) });
  }

  #step(state: ProtocolState, index: number, { id, value }: Interned<Reconciling>): Step {
    const { ecs } = state;
    switch (value.next) {
      case 'lists': {
        const seen = () => afterListing(value, describeHistory(ecs.value), this.#glasses);
        return this.#moved(state, index, {
          label: 'lists',
          process: this.#stepped.recall(`${id} ${ecs.id}`, seen),
        });
      }
      case 'reads': {
        const log = this.#space.asReadBy(state.log, index);
        const key = `${id} ${log.id} ${ecs.id}`;
        const read = () =>
          afterReading(value, { ecs: ecs.value, now: value.now, log: log.value, answered: null });
        return this.#moved(state, index, { label: 'reads', process: this.#stepped.recall(key, read) });
      }
      case 'records':
        return this.#record(state, index, value.event);
      case 'calls': {
        const key = `${id} ${ecs.id} ${state.untold.id} ${state.tick}`;
        const called = this.#called.recall(key, () => this.#call(state, value));
        return this.#moved({ ...state, ...called.changed }, index, called);
      }
      default:
        return value satisfies never;
    }
  }

  #woken(state: ProtocolState, index: number, answered: Position | null): Reconciling | null {
    const log = this.#space.asReadBy(state.log, index);
    const key = `${log.id} ${state.ecs.id} ${state.tick} ${answered}`;
    const around = { ecs: state.ecs.value, now: nowIn(state), log: log.value, answered };
    return this.#stepped.recall(key, () => woken(around));
  }

  #record(state: ProtocolState, index: number, event: DecidedEvent): Step {
    const owned = event.type === 'RollbackRequested' ? { ...event, owner: String(index) } : event;
    const log = this.#space.append(state.log, owned);
    const label = `records ${event.type}${log === state.log ? ', a duplicate' : ''}`;
    const after = { ...state, log };
    return this.#moved(after, index, { label, process: this.#woken(after, index, positionOf(event)) });
  }

  /** The last questions before a write, the write, and its answer, which a death may lose. */
  #call(state: ProtocolState, calling: Calling): Called {
    const { call } = calling;
    const { after, answer } = this.#answerTo(state, calling);
    const read = { ...calling.read, now: nowIn(state) };
    return {
      label: `calls ${call.method}: ${answer.kind}`,
      changed: { ecs: after.ecs, untold: after.untold },
      process: afterAnswer({ ...calling, read }, answer),
    };
  }

  #answerTo(state: ProtocolState, { call, read }: Calling): Answered {
    const { rollouts } = situationOf(read).state;
    const live = rollouts.find((rollout) => isSameRollout(rollout, call.rollout));
    const isInTime = hasTimeToAct(live?.recorded.attempt ?? null, { owner: me, now: nowIn(state) });
    return isInTime ? this.#effectOf(state, call, read.view?.observed) : outdated(state);
  }

  #effectOf(state: ProtocolState, call: CallEcs, observed: ObservedService | undefined): Answered {
    if (observed === undefined) return outdated(state);
    return call.method === 'StopServiceDeployment'
      ? this.#stop(state, call)
      : this.#update(state, call, observed);
  }

  #stop(state: ProtocolState, { wayBack, serviceDeployment }: CallEcs): Answered {
    const number = numberIn(serviceDeployment ?? '');
    const ecs = state.ecs.value;
    const current = workedOn(ecs);
    const answer = accepted(wayBack.deployment);
    if (current?.number !== number) return outdated(state);
    if (current.status === 'ROLLBACK_IN_PROGRESS') {
      // ECS accepts it for one that goes back already.
      return current.rollbackBy === 'request' ? { after: state, answer } : outdated(state);
    }
    const back = goBack(ecs, 'request');
    const revision = back.deployments[0]?.revision ?? 0;
    const effect = { method: 'StopServiceDeployment', takenBack: number, revision } as const;
    const told = [started(primaryOf(back), secondOf(ecs), true)];
    return {
      after: changed(this.#space, state, { ecs: { ...back, effects: [...ecs.effects, effect] }, told }),
      answer,
    };
  }

  #update(state: ProtocolState, { wayBack }: CallEcs, observed: ObservedService): Answered {
    const ecs = state.ecs.value;
    const takenBack = primaryOf(ecs);
    if (observed.deployments[0]?.id !== deploymentId(takenBack)) return outdated(state);
    const number = 5 + ecs.effects.length;
    const revision = Number(wayBack.taskDefinition.split(':').at(-1));
    const deployed = deploy(ecs, { number, revision, at: secondOf(ecs) });
    const effect = { method: 'UpdateService', takenBack, revision } as const;
    const told = deploymentTold(ecs, number, revision);
    const after = changed(this.#space, state, {
      ecs: { ...deployed, effects: [...ecs.effects, effect] },
      told,
    });
    return { after, answer: accepted(deploymentId(number)) };
  }

  #moved(
    state: ProtocolState,
    index: number,
    { label, process }: { readonly label: string; readonly process: Reconciling | null },
  ): Step {
    const interned = process && this.#space.processes.intern(process);
    return { label, state: withProcess(state, index, interned) };
  }
}

export function withProcess(
  state: ProtocolState,
  index: number,
  process: Interned<Reconciling> | null,
): ProtocolState {
  return { ...state, processes: state.processes.with(index, process) };
}

function outdated(state: ProtocolState): Answered {
  return { after: state, answer: { kind: 'outdated' } };
}

function accepted(rollbackDeployment: DeploymentId | null): CallAnswer {
  return { kind: 'accepted', rollbackDeployment, requestId: null, carriedOver: [], copy: null };
}

/** What EventBridge tells of a new deployment. */
export function deploymentTold(ecs: ToyEcs, number: number, revision: number) {
  const at = secondOf(ecs);
  return [started(number, at), running(`t${number}`, at, { deployment: number, revision })];
}

interface Change {
  readonly ecs: ToyEcs;
  readonly told: Telling;
}

/** The state after ECS has changed, with what is to be told of it. */
export function changed(space: StateSpace, state: ProtocolState, { ecs, told }: Change): ProtocolState {
  const idOf = ([first]: Telling) => first?.id ?? '';
  const untold = [...state.untold.value, told].sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
  return { ...state, ecs: space.ecs.intern(ecs), untold: space.untold.intern(untold) };
}
