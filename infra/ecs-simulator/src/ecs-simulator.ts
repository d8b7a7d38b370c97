/** The public surface of the package: what is not named here is nobody else's to import. */
export { answerRequest, type WireAnswer } from './answer-request';
export type { Call } from './api/call-log';
export { type ThrottlingCategory, throttlingCategoryOf, tokenBuckets } from './api/throttling';
export { type Behaviour, healthy, parseBehaviour } from './configuration/behaviours';
export { deploymentConfigurationSchema } from './configuration/deployment-configuration';
export type { Caller } from './foundation/caller';
export {
  AcceleratedClock,
  type AcceleratedClockOptions,
  type Cancel,
  type ClockTime,
  clockTime,
  type SimulationClock,
  SteppedClock,
} from './foundation/clock';
export { EcsError } from './foundation/ecs-error';
export { type InvokeLambda, lambdaAt } from './foundation/lambda';
export type { Notification } from './foundation/notification';
export { SeededRandom } from './foundation/seeded-random';
export type { StartingContainer } from './model/world';
export { unreliableDelivery } from './notifications/unreliable-delivery';
export { type EcsServer, startEcsServer } from './server';
export { EcsSimulator, type EcsSimulatorOptions } from './simulator';
