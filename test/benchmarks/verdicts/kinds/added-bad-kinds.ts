import type { SettingChoice } from '../service/service-setting';
import type { Kind } from './kind';
import {
  certainFailures,
  crashed,
  failingStart,
  ofNew,
  ofTheRelease,
  outOfMemory,
  whenRunning,
} from './losses';
import { onAnyService } from './lossy-services';

const shared = { truth: 'bad', isInMix: false, group: 'added' } as const;
const any: SettingChoice = () => ({});
const minute = 60;

/** Bad releases of kinds that the mix lacks. */
export const addedBadKinds: readonly Kind[] = [
  {
    ...shared,
    name: 'shardleak',
    setting: any,
    stage: onAnyService((scene) => {
      const leak = () => ofTheRelease(outOfMemory, 20 * minute * scene.random.between(0.85, 1.15));
      scene.give(ofNew(whenRunning(() => (scene.random.next() < 0.2 ? leak() : null))));
    }),
  },
  {
    ...shared,
    name: 'sidecarbad',
    setting: () => ({ containers: ['app', 'log-router'] }),
    stage: onAnyService((scene) => {
      const cause = { ...crashed, container: 'log-router' };
      const crash = () => ofTheRelease(cause, scene.random.between(5, 40));
      scene.give(ofNew(whenRunning(() => (scene.random.next() < 0.4 ? crash() : null))));
    }),
  },
  {
    ...shared,
    name: 'latecrash',
    setting: any,
    stage: onAnyService((scene) => {
      const crash = () => ofTheRelease(crashed, scene.random.between(8, 15) * minute);
      scene.give(ofNew(whenRunning(() => (scene.random.next() < 0.3 ? crash() : null))));
    }),
  },
  {
    ...shared,
    name: 'partsick',
    setting: () => ({ health: ['container', 'load-balancer'] }),
    stage: onAnyService((scene) => {
      const sick = { isOfTheRelease: true, sickAfterSeconds: 0 };
      scene.give(ofNew(whenRunning(() => (scene.random.next() < 0.3 ? sick : null))));
    }),
  },
  neverStarting('accessdenied', 'accessDenied'),
  neverStarting('entrypoint', 'noSuchExecutable'),
  neverStarting('wrongplatform', 'wrongPlatform'),
];

function neverStarting(name: string, cause: keyof typeof certainFailures): Kind {
  const failure = failingStart(certainFailures[cause], { isOfTheRelease: true });
  const stage = onAnyService((scene) =>
    scene.give(ofNew(({ step }) => (step === 'pending' ? failure : null))),
  );
  return { ...shared, name, setting: any, stage };
}
