import type { Ecs } from '../../../../services/aws/ecs/ecs';
import type { ReleaseTests } from '../../../../services/aws/tests/release-tests';
import type { EventLog, RecordedEvent } from '../../../../services/event-log/event-log';

export interface Effect {
  readonly name: string;
  /** Whether it changes ECS. */
  readonly isRollback: boolean;
}

/**
 * Stands before and behind every effect of a reconciler: it may delay it, fail it, or never come
 * back.
 */
export interface Gate {
  before(effect: Effect): Promise<void>;
  after(effect: Effect): Promise<void>;
}

/**
 * The log, with every call that a reconciler awaits behind the gate. A stream is read whole: one
 * effect.
 */
export function gatedLog(log: EventLog, gate: Gate): EventLog {
  return {
    append: (recorded) => pass(gate, `append ${recorded.event.type}`, () => log.append(recorded)),
    async *read(service, after) {
      yield* await pass(gate, 'read', async () => {
        const events: RecordedEvent[] = [];
        for await (const recorded of log.read(service, after)) events.push(recorded);
        return events;
      });
    },
    readAt: (service, keys) => pass(gate, 'readAt', () => log.readAt(service, keys)),
    readSnapshot: (service) => pass(gate, 'readSnapshot', () => log.readSnapshot(service)),
    writeSnapshot: (service, snapshot) =>
      pass(gate, 'writeSnapshot', () => log.writeSnapshot(service, snapshot)),
    servicesToWake: (now) => log.servicesToWake(now),
    servicesWatching: (alarm) => log.servicesWatching(alarm),
    appendAlarmChange: (recorded) => log.appendAlarmChange(recorded),
    alarmChanges: (alarm, since) => pass(gate, 'alarmChanges', () => log.alarmChanges(alarm, since)),
    lastLook: (place) => log.lastLook(place),
    keepLook: (place, look) => log.keepLook(place, look),
  };
}

export function gatedEcs(ecs: Ecs, gate: Gate): Ecs {
  return {
    observe: (service, question) => pass(gate, 'observe', () => ecs.observe(service, question)),
    facts: (service) => pass(gate, 'facts', () => ecs.facts(service)),
    primaryOf: (service) => pass(gate, 'primaryOf', () => ecs.primaryOf(service)),
    parametersLeftBehind: (service, wayBack) =>
      pass(gate, 'parametersLeftBehind', () => ecs.parametersLeftBehind(service, wayBack)),
    copyOf: (request) => pass(gate, 'RegisterTaskDefinition', () => ecs.copyOf(request)),
    stopServiceDeployment: (arn) =>
      pass(gate, 'StopServiceDeployment', () => ecs.stopServiceDeployment(arn), true),
    answerHook: (hook) => pass(gate, 'ContinueServiceDeployment', () => ecs.answerHook(hook)),
    updateService: (service, update) =>
      pass(gate, 'UpdateService', () => ecs.updateService(service, update), true),
  };
}

export function gatedTests(tests: ReleaseTests, gate: Gate): ReleaseTests {
  return {
    begin: (service, request) => pass(gate, 'RunTask', () => tests.begin(service, request)),
    look: (service, task, test) => pass(gate, 'DescribeTasks', () => tests.look(service, task, test)),
    stop: (service, task) => pass(gate, 'StopTask', () => tests.stop(service, task)),
  };
}

async function pass<Result>(
  gate: Gate,
  ...[name, run, isRollback = false]: [string, () => Promise<Result>, boolean?]
): Promise<Result> {
  const effect = { name, isRollback };
  await gate.before(effect);
  const result = await run();
  await gate.after(effect);
  return result;
}
