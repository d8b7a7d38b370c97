import type { Scene } from '../service/scene';
import type { SettingChoice } from '../service/service-setting';
import { pick } from '../service/service-setting';
import type { Kind } from './kind';
import {
  background,
  certainFailures,
  crashed,
  failingStart,
  hazard,
  outOfMemory,
  transientFailures,
  whenRunning,
} from './losses';
import { tasksInZone, zones } from './places';

const shared = { truth: 'good', isInMix: false, group: 'added' } as const;
const any: SettingChoice = () => ({});
const minute = 60;
const hour = 3600;

/** Good releases of kinds that the mix lacks. */
export const addedGoodKinds: readonly Kind[] = [
  {
    ...shared,
    name: 'configpush',
    setting: any,
    stage(scene) {
      const from = scene.random.between(0, 420);
      const until = from + scene.random.between(4, 8) * minute;
      scene.at(from, () => scene.exit(scene.some(0.5), crashed, { within: 90 }));
      scene.give(({ step, at }) =>
        step === 'running' && at >= from && at < until && scene.random.next() < 0.5
          ? background(crashed, scene.random.between(1, 20))
          : null,
      );
    },
  },
  {
    ...shared,
    name: 'sidecarflaky',
    setting: () => ({ containers: ['app', 'log-router'] }),
    stage(scene) {
      scene.give(hazard(scene.random, 0.03, { ...crashed, container: 'log-router' }));
    },
  },
  {
    ...shared,
    name: 'autoscale',
    setting: any,
    stage(scene) {
      scene.give(hazard(scene.random, 0.02, outOfMemory));
      const until = 90 * minute;
      const turn = (at: number) => {
        scene.scaleTo(at >= until ? scene.size : scene.random.integer(scene.size, 2 * scene.size));
        const wait = scene.random.between(2, 5) * minute;
        if (at < until) scene.in(wait, () => turn(at + wait));
      };
      scene.at(-10 * minute, () => turn(-10 * minute));
    },
  },
  {
    ...shared,
    name: 'zonedeploy',
    setting: any,
    stage(scene) {
      const zone = pick(scene.random, zones);
      const from = -scene.random.between(1, 5) * minute;
      const until = scene.random.between(10, 30) * minute;
      const timeOut = failingStart(transientFailures.pullTimeout, { isOfTheRelease: false });
      scene.at(from, () => scene.loseHost(tasksInZone(scene, zone)));
      scene.give(({ step, at, availabilityZone }) =>
        step === 'pending' && availabilityZone === zone && at >= from && at < until ? timeOut : null,
      );
    },
  },
  startsFailing('pullthrottle', 'tooManyRequests', 0.3),
  startsFailing('secretthrottle', 'secretThrottled', 0.15),
  {
    ...shared,
    name: 'agedoom',
    setting: any,
    stage(scene) {
      const age = () => 2 * hour * scene.random.between(0.85, 1.15);
      scene.give(whenRunning(() => background(outOfMemory, age())));
    },
  },
  {
    ...shared,
    name: 'hourly',
    setting: any,
    stage(scene) {
      const strike = () => {
        scene.exit(scene.some(scene.random.between(0.1, 0.2)), outOfMemory, { within: minute });
        scene.in(hour, strike);
      };
      const minuteOfTheHour = scene.random.between(2, 55) * minute;
      const hours = Math.floor(scene.setting.judgedAfterSeconds / hour);
      scene.at(minuteOfTheHour - (hours - 1) * hour, strike);
    },
  },
  {
    ...shared,
    name: 'earlydeploy',
    setting: any,
    stage(scene) {
      const pushedAt = scene.random.between(1, 3) * minute;
      const missing = failingStart(certainFailures.manifestUnknown, { isOfTheRelease: false });
      scene.give(({ isNew, step, at }) => (isNew && step === 'pending' && at < pushedAt ? missing : null));
    },
  },
];

/** For some minutes around the start, that share of starts fails, of any revision. */
function startsFailing(name: string, cause: keyof typeof transientFailures, share: number): Kind {
  const failure = failingStart(transientFailures[cause], { isOfTheRelease: false });
  const stage = (scene: Scene) => {
    const from = scene.random.between(-60, 30);
    const until = from + scene.random.between(3, 8) * minute;
    scene.give(({ step, at }) =>
      step === 'pending' && at >= from && at < until && scene.random.next() < share ? failure : null,
    );
  };
  return { ...shared, name, setting: any, stage };
}
