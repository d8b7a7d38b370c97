import type { SettingChoice } from '../service/service-setting';
import type { Kind } from './kind';
import { certainFailures, failingStart, ofNew, whenRunning } from './losses';
import { onAnyService } from './lossy-services';

const shared = { truth: 'bad', isInMix: true } as const;
const any: SettingChoice = () => ({});
const alarmed: SettingChoice = () => ({ hasAlarm: true });
const minute = 60;

/** Bad releases that never get healthy, never start, or run and answer with errors. */
export const failingKinds: readonly Kind[] = [
  neverHealthy('hccontainer', () => ({ health: ['container'] })),
  neverHealthy('hclb', () => ({ health: ['load-balancer'] })),
  neverHealthy('hang', () => ({ health: ['load-balancer'], healthCheckGraceSeconds: 7200 })),
  {
    ...shared,
    name: 'sickens',
    group: 'health',
    setting: () => ({ health: ['container', 'load-balancer'] }),
    stage: onAnyService((scene) => {
      const sick = () => ({
        isOfTheRelease: true,
        sickAfterSeconds: scene.random.between(2, 6) * minute,
      });
      scene.give(ofNew(whenRunning(sick)));
    }),
  },
  neverStarting('image', 'manifestUnknown'),
  neverStarting('secret', 'secretMissing'),
  neverStarting('network', 'noWayToRegistry'),
  {
    ...shared,
    name: 'errors',
    group: 'alarm',
    setting: alarmed,
    stage: onAnyService((scene) =>
      scene.afterFirstNew(scene.random.between(3, 12) * minute, () => scene.setAlarm('ALARM')),
    ),
  },
  {
    ...shared,
    name: 'errorsflap',
    group: 'alarm',
    setting: alarmed,
    stage: onAnyService((scene) => {
      const raise = () => {
        const raised = scene.random.between(1, 3) * minute;
        scene.setAlarm('ALARM');
        scene.in(raised, () => scene.setAlarm('OK'));
        scene.in(raised + scene.random.between(1, 4) * minute, raise);
      };
      scene.afterFirstNew(scene.random.between(3, 12) * minute, raise);
    }),
  },
];

function neverHealthy(name: string, setting: SettingChoice): Kind {
  const sick = { isOfTheRelease: true, sickAfterSeconds: 0 };
  const stage = onAnyService((scene) => scene.give(ofNew(whenRunning(() => sick))));
  return { ...shared, name, group: 'health', setting, stage };
}

function neverStarting(name: string, cause: keyof typeof certainFailures): Kind {
  const failure = failingStart(certainFailures[cause], { isOfTheRelease: true });
  const stage = onAnyService((scene) =>
    scene.give(ofNew(({ step }) => (step === 'pending' ? failure : null))),
  );
  return { ...shared, name, group: 'start', setting: any, stage };
}
