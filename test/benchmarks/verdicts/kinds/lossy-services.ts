import type { Scene } from '../service/scene';
import { pick } from '../service/service-setting';
import { exponential, hazard, outOfMemory } from './losses';
import { hostOfSome } from './places';

const hour = 3600;

/** What half of the services do to their tasks anyway: one of these. */
const losses: readonly ((scene: Scene) => void)[] = [
  (scene) => scene.give(hazard(scene.random, 0.01, outOfMemory)),
  (scene) =>
    scene.give(({ id, step }) => {
      if (step === 'running')
        scene.in(exponential(scene.random, hour / 0.05), () =>
          scene.interruptSpot(scene.running().filter((task) => task.id === id)),
        );
      return null;
    }),
  (scene) => {
    const lose = () => {
      if (scene.running().length > 0) scene.loseHost(hostOfSome(scene));
      scene.in(exponential(scene.random, 24 * hour), lose);
    };
    scene.at(-scene.setting.judgedAfterSeconds + exponential(scene.random, 24 * hour), lose);
  },
];

/** The stage of a bad release, half of the time on a service that loses tasks anyway. */
export function onAnyService(stage: (scene: Scene) => void): (scene: Scene) => void {
  return (scene) => {
    if (scene.random.next() < 0.5) pick(scene.random, losses)(scene);
    stage(scene);
  };
}
