import type { Scene } from '../service/scene';
import type { SettingChoice } from '../service/service-setting';
import type { Kind } from './kind';
import {
  background,
  crashed,
  exponential,
  hazard,
  ofNew,
  ofTheRelease,
  outOfMemory,
  whenRunning,
} from './losses';
import { onAnyService } from './lossy-services';

const shared = { truth: 'bad', isInMix: true } as const;
const any: SettingChoice = () => ({});
const minute = 60;

/** Bad releases whose tasks end by themselves. */
export const crashKinds: readonly Kind[] = [
  crashing('crashnow', [1, 4]),
  crashing('crash60', [45, 90]),
  partly('crashp50', 0.5),
  partly('crashp25', 0.25),
  partly('crashp10', 0.1),
  partly('crashp05', 0.05),
  {
    ...shared,
    name: 'flakybad',
    group: 'partial',
    setting: any,
    stage(scene) {
      crashShare(scene, 0.4);
      const flaky = () => background(crashed, scene.random.between(1, minute));
      scene.give(whenRunning(() => (scene.random.next() < 0.08 ? flaky() : null)));
    },
  },
  leaking('oom10', 10),
  leaking('oom30', 30),
  leaking('oom60', 60),
  {
    ...shared,
    name: 'hazard50',
    group: 'leak',
    setting: any,
    stage: onAnyService((scene) => crashHalfEachHour(scene)),
  },
  {
    ...shared,
    name: 'hazard50n',
    group: 'leak',
    setting: any,
    stage(scene) {
      scene.give(hazard(scene.random, 0.02));
      crashHalfEachHour(scene);
    },
  },
  {
    ...shared,
    name: 'migration',
    group: 'crash',
    setting: any,
    stage: onAnyService((scene) => {
      scene.give(ofNew(whenRunning(() => ofTheRelease(crashed, scene.random.between(1, 4)))));
      scene.afterFirstNew(0, () =>
        scene.exit(scene.running(), crashed, { isOfTheRelease: true, within: 120 }),
      );
    }),
  },
  {
    ...shared,
    name: 'poison',
    group: 'crash',
    setting: any,
    stage: onAnyService((scene) => {
      let isPoisoned = false;
      scene.afterFirstNew(scene.random.between(4, 10) * minute, () => {
        isPoisoned = true;
        scene.exit(scene.running(), crashed, { isOfTheRelease: true, within: minute });
      });
      const crash = () => ofTheRelease(crashed, scene.random.between(1, 10));
      scene.give(whenRunning(() => (isPoisoned ? crash() : null)));
    }),
  },
];

function crashing(name: string, [least, most]: readonly [number, number]): Kind {
  return {
    ...shared,
    name,
    group: 'crash',
    setting: any,
    stage: onAnyService((scene) => {
      scene.give(ofNew(whenRunning(() => ofTheRelease(crashed, scene.random.between(least, most)))));
    }),
  };
}

function partly(name: string, share: number): Kind {
  return {
    ...shared,
    name,
    group: 'partial',
    setting: any,
    stage: onAnyService((scene) => crashShare(scene, share)),
  };
}

function crashShare(scene: Scene, share: number): void {
  const crash = () => ofTheRelease(crashed, scene.random.between(1, minute));
  scene.give(ofNew(whenRunning(() => (scene.random.next() < share ? crash() : null))));
}

function leaking(name: string, minutes: number): Kind {
  return {
    ...shared,
    name,
    group: 'leak',
    setting: any,
    stage: onAnyService((scene) => {
      const age = () => minutes * minute * scene.random.between(0.85, 1.15);
      scene.give(ofNew(whenRunning(() => ofTheRelease(outOfMemory, age()))));
    }),
  };
}

function crashHalfEachHour(scene: Scene): void {
  const mean = 3600 / Math.LN2;
  scene.give(ofNew(whenRunning(() => ofTheRelease(crashed, exponential(scene.random, mean)))));
}
