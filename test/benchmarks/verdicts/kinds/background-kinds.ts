import type { SettingChoice } from '../service/service-setting';
import type { Kind } from './kind';
import {
  background,
  crashed,
  exponential,
  failingStart,
  hazard,
  outOfMemory,
  transientFailures,
  whenRunning,
} from './losses';

const shared = { truth: 'good', group: 'background', isInMix: true } as const;
const any: SettingChoice = () => ({});
const minute = 60;

/** Good releases of services that lose tasks anyway: the old tasks as much as the new. */
export const backgroundKinds: readonly Kind[] = [
  { ...shared, name: 'quiet', setting: any, stage: () => {} },
  losing('oom1', 1, outOfMemory),
  losing('crash5', 5, crashed),
  losing('crash20', 20, crashed),
  {
    ...shared,
    name: 'flakystart',
    setting: any,
    stage(scene) {
      const share = scene.random.between(0.03, 0.15);
      const crash = () => background(crashed, scene.random.between(1, 20));
      scene.give(whenRunning(() => (scene.random.next() < share ? crash() : null)));
    },
  },
  {
    ...shared,
    name: 'slowstart',
    setting: () => ({ health: ['container', 'load-balancer'] }),
    stage(scene) {
      const share = scene.random.between(0.05, 0.25);
      const slow = { isOfTheRelease: false, sickAfterSeconds: 0 };
      scene.give(whenRunning(() => (scene.random.next() < share ? slow : null)));
    },
  },
  {
    ...shared,
    name: 'elbflap',
    setting: () => ({ health: ['load-balancer'] }),
    stage(scene) {
      const sick = () => ({
        isOfTheRelease: false,
        sickAfterSeconds: 1 + exponential(scene.random, 3600 / 0.03),
      });
      scene.give(whenRunning(sick));
      const share = scene.random.between(0.05, 0.15);
      scene.at(scene.random.between(30, 700), () => scene.sicken(scene.some(share), { within: minute }));
    },
  },
  {
    ...shared,
    name: 'pullblip',
    setting: any,
    stage(scene) {
      const from = scene.random.between(-2 * minute, 0.5 * minute);
      const timeOut = failingStart(transientFailures.pullTimeout, { isOfTheRelease: false });
      scene.give(({ step, at }) => {
        const isBlip = at >= from && at < from + 3 * minute;
        return step === 'pending' && scene.random.next() < (isBlip ? 0.6 : 0.01) ? timeOut : null;
      });
    },
  },
];

function losing(name: string, perHour: number, exit: typeof outOfMemory | typeof crashed): Kind {
  return {
    ...shared,
    name,
    setting: any,
    stage: (scene) => scene.give(hazard(scene.random, perHour / 100, exit)),
  };
}
