import type { Scene } from '../service/scene';
import type { SettingChoice } from '../service/service-setting';
import type { Kind } from './kind';
import { background, crashed, exponential } from './losses';

const shared = { truth: 'good', isInMix: true } as const;
const any: SettingChoice = () => ({});
const alarmed: SettingChoice = () => ({ hasAlarm: true });
const minute = 60;
const hour = 3600;

/** Good releases that are rolled out while something else is down, or an alarm is raised. */
export const dependencyKinds: readonly Kind[] = [
  {
    ...shared,
    name: 'depdown',
    group: 'dependency',
    setting: any,
    stage(scene) {
      const from = scene.random.between(0, 420);
      const until = from + scene.random.between(3, 10) * minute;
      scene.at(from, () => crashRunning(scene, until - from));
      failStarts(scene, from, until);
    },
  },
  {
    ...shared,
    truth: 'hopeless',
    name: 'depstart',
    group: 'hopeless',
    setting: any,
    stage(scene) {
      const from = scene.random.between(-60, 20);
      failStarts(scene, from, from + scene.random.between(3, 10) * minute);
    },
  },
  {
    ...shared,
    name: 'alarmnoise',
    group: 'alarm',
    setting: alarmed,
    stage(scene) {
      const raise = () => {
        scene.setAlarm('ALARM');
        scene.in(scene.random.between(1, 3) * minute, () => scene.setAlarm('OK'));
        scene.in(exponential(scene.random, 2 * hour) + 4 * minute, raise);
      };
      scene.at(-scene.setting.judgedAfterSeconds + 600 + exponential(scene.random, 2 * hour), raise);
    },
  },
  {
    ...shared,
    name: 'hotfix',
    group: 'alarm',
    setting: alarmed,
    stage(scene) {
      const from = -scene.random.between(20, 60) * minute;
      const healed = { at: Number.POSITIVE_INFINITY };
      const flap = (now: number) => {
        if (now >= healed.at) return;
        const raised = scene.random.between(2, 5) * minute;
        const calm = scene.random.between(1, 3) * minute;
        scene.setAlarm('ALARM');
        scene.in(raised, () => scene.setAlarm('OK'));
        scene.in(raised + calm, () => flap(now + raised + calm));
      };
      scene.at(from, () => flap(from));
      healed.at = scene.random.between(3, 8) * minute;
    },
  },
];

/** Those that run lose their connections one by one, if the dependency is not back before. */
function crashRunning(scene: Scene, seconds: number): void {
  for (const task of scene.running()) {
    const after = exponential(scene.random, 3 * minute);
    if (after < seconds) scene.in(after, () => scene.exit([task], crashed));
  }
}

function failStarts(scene: Scene, from: number, until: number): void {
  scene.give(({ step, at }) =>
    step === 'running' && at >= from && at < until ? background(crashed, scene.random.between(1, 4)) : null,
  );
}
