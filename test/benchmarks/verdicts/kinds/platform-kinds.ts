import type { SettingChoice } from '../service/service-setting';
import { pick } from '../service/service-setting';
import type { Kind } from './kind';
import { exponential, killed } from './losses';
import { hostOfSome, tasksInZone, zones } from './places';

const shared = { truth: 'good', isInMix: true } as const;
const any: SettingChoice = () => ({});
const minute = 60;

/** Good releases that are rolled out while the platform takes tasks away, or has none to give. */
export const platformKinds: readonly Kind[] = [
  {
    ...shared,
    name: 'spot',
    group: 'platform',
    setting: any,
    stage(scene) {
      scene.give(({ id, step }) => {
        if (step === 'running')
          scene.in(exponential(scene.random, 3600 / 0.05), () =>
            scene.interruptSpot(scene.running().filter((task) => task.id === id)),
          );
        return null;
      });
      const share = scene.random.between(0.1, 0.4);
      scene.at(scene.random.between(20, 420), () => scene.interruptSpot(scene.some(share), { within: 20 }));
    },
  },
  {
    ...shared,
    name: 'azhost',
    group: 'platform',
    setting: any,
    stage(scene) {
      const zone = pick(scene.random, zones);
      scene.at(scene.random.between(20, 420), () => scene.loseHost(tasksInZone(scene, zone)));
    },
  },
  {
    ...shared,
    name: 'hostmask',
    group: 'platform',
    setting: any,
    stage(scene) {
      scene.at(scene.random.between(20, 420), () => scene.exit(hostOfSome(scene), killed, { within: 2 }));
    },
  },
  {
    ...shared,
    name: 'azhealth',
    group: 'platform',
    setting: () => ({ health: ['container', 'load-balancer'] }),
    stage(scene) {
      const zone = pick(scene.random, zones);
      const from = scene.random.between(0, 420);
      const until = from + scene.random.between(3, 12) * minute;
      const sick = { isOfTheRelease: false, sickAfterSeconds: 0 };
      scene.at(from, () => scene.sicken(tasksInZone(scene, zone), { within: minute }));
      scene.give(({ step, at, availabilityZone }) =>
        step === 'running' && availabilityZone === zone && at >= from && at < until ? sick : null,
      );
    },
  },
  {
    ...shared,
    name: 'scaleout',
    group: 'scaling',
    setting: any,
    stage(scene) {
      scene.at(scene.random.between(20, 120), () => scene.scaleTo(2 * scene.size));
      for (const turn of [1, 2, 3]) {
        const out = scene.random.between(4, 8) * minute * turn;
        scene.at(out, () => scene.scaleTo(scene.size));
        scene.at(out + scene.random.between(1, 3) * minute, () => scene.scaleTo(2 * scene.size));
      }
    },
  },
  {
    ...shared,
    name: 'capshort',
    group: 'scaling',
    setting: any,
    stage(scene) {
      const short = pick(scene.random, [15, 45, 75, 90]) * minute;
      scene.at(0, () => scene.setCapacity(false));
      scene.at(short, () => scene.setCapacity(true));
    },
  },
  {
    ...shared,
    name: 'slowroll',
    group: 'scaling',
    setting: ({ size }) => ({
      health: ['load-balancer'],
      minimumHealthyPercent: 100,
      maximumPercent: size < 10 ? 100 + Math.ceil(100 / size) : 110,
    }),
    stage: () => {},
  },
];
