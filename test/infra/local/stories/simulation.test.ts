import { describe, expect, it } from 'vitest';
import { readScenario, scenarioNames } from '../../../../infra/local/stories/scenario/story-folder';
import { runSimulation } from '../../../../infra/local/stories/simulation';
import { rollbackUnasked } from '../../../../services/cli/rollback/unasked-rollback';
import { parsePolicyFile } from '../../../../services/policy/policy-file';

async function run(name: string, { seed = 1, rewind }: { seed?: number; rewind?: boolean } = {}) {
  const scenario = readScenario(name);
  const withRewind = rewind ?? scenario.rewind;
  const lines: string[] = [];
  const notifications: string[] = [];
  const { ends } = await runSimulation({
    scenario,
    seed,
    rewind: withRewind ? parsePolicyFile(JSON.stringify(scenario.policy), name) : null,
    rollback: rollbackUnasked,
    speed: null,
    print: (line) => lines.push(line),
    deliver: (envelope) => notifications.push(JSON.stringify(envelope)),
  });
  return {
    ends: ends.map(({ taskDefinition, status }) => `${taskDefinition} ${status}`),
    lines,
    notifications,
  };
}

/** How the second revision of each documented scenario ends. */
const endings: Readonly<Record<string, string>> = {
  'crash-loop-unprotected': 'IN_PROGRESS',
  'crash-loop-circuit-breaker': 'ROLLBACK_SUCCESSFUL',
  'crash-loop-rewind': 'ROLLBACK_SUCCESSFUL',
  'missing-image': 'ROLLBACK_SUCCESSFUL',
  'late-crash': 'ROLLBACK_SUCCESSFUL',
  'leak-alarm': 'SUCCESSFUL',
  alarm: 'SUCCESSFUL',
  'alarm-already-raised': 'SUCCESSFUL',
  'operator-rollback': 'SUCCESSFUL',
  'blue-green-hook': 'ROLLBACK_SUCCESSFUL',
  'canary-pause': 'SUCCESSFUL',
  'platform-trouble': 'SUCCESSFUL',
  'bad-delivery': 'ROLLBACK_SUCCESSFUL',
  'crash-loop': 'ROLLBACK_SUCCESSFUL',
  'failing-health-check': 'ROLLBACK_SUCCESSFUL',
  'unpullable-image': 'ROLLBACK_SUCCESSFUL',
  terraform: 'ROLLBACK_SUCCESSFUL',
  healthy: 'SUCCESSFUL',
  'crash-in-bake': 'SUCCESSFUL',
  'native-rollback': 'ROLLBACK_SUCCESSFUL',
  observe: 'IN_PROGRESS',
  canary: 'ROLLBACK_SUCCESSFUL',
  'canary-incident': 'SUCCESSFUL',
  'canary-without-users': 'SUCCESSFUL',
  'gate-person-continues': 'SUCCESSFUL',
  'gate-person-stops': 'ROLLBACK_SUCCESSFUL',
  'gate-times-out': 'ROLLBACK_SUCCESSFUL',
  'gated-canary': 'SUCCESSFUL',
  'tested-canary': 'SUCCESSFUL',
  'tests-fail': 'ROLLBACK_SUCCESSFUL',
  'kept-old-version': 'ROLLBACK_SUCCESSFUL',
};

/** Those with one revision alone. */
const firstDeployments = ['first-deployment'];

describe('the documented scenarios', () => {
  it('are all told here', () => {
    expect(scenarioNames()).toEqual([...Object.keys(endings), ...firstDeployments].sort());
  });

  it.each(Object.entries(endings))('%s ends with the second revision %s', async (name, status) => {
    const { ends } = await run(name);
    expect(ends[0]).toBe('web:1 SUCCESSFUL');
    expect(ends[1]).toBe(`web:2 ${status}`);
  });
});

describe('a simulation', () => {
  it.each(['crash-loop-rewind', 'blue-green-hook', 'bad-delivery'])(
    'of %s gives the same notifications for the same seed, byte for byte, and others for another',
    async (name) => {
      const [one, again, other] = [await run(name), await run(name), await run(name, { seed: 2 })];
      expect(again.notifications).toEqual(one.notifications);
      expect(again.lines).toEqual(one.lines);
      expect(other.notifications).not.toEqual(one.notifications);
    },
  );

  it('with Rewind takes back what leaks, when the deployment has long completed', async () => {
    const { ends, lines } = await run('leak-alarm');
    expect(ends.at(-1)).toMatch(/^web:1 SUCCESSFUL$/);
    expect(lines.some((line) => /Rewind +verdict on web:2: failed \(AlarmRaised\)/.test(line))).toBe(true);
    expect(lines.some((line) => /Rewind .* web:2 is over: rolledBack/.test(line))).toBe(true);
  });

  it('with Rewind takes back after two failures what ECS needs three for, ever further apart', async () => {
    const secondsIn = (lines: readonly string[], pattern: RegExp) => {
      const [, minutes = 'none', seconds = ''] =
        /^0:(\d+):(\d+)/.exec(lines.find((line) => pattern.test(line)) ?? '') ?? [];
      return Number(minutes) * 60 + Number(seconds) - 600;
    };
    const native = await run('missing-image');
    const rewind = await run('missing-image', { rewind: true });
    const nativeSeconds = secondsIn(
      native.lines,
      /web:1 IN_PROGRESS: ECS deployment circuit breaker: rolling back/,
    );
    const rewindSeconds = secondsIn(rewind.lines, /verdict on web:2: failed/);
    expect(nativeSeconds).toBeGreaterThan(600);
    expect(rewindSeconds).toBeLessThan(nativeSeconds / 2);
  });

  it('tells what the scenario does, who calls, and what ECS makes of it', async () => {
    const { lines } = await run('crash-loop-circuit-breaker');
    const texts = lines.map((line) => line.replace(/^\S+ +/, ''));
    expect(texts).toContain('operator  UpdateService web: 4 × web:2');
    expect(texts).toContain(
      'ECS       web: deployment of web:2 FAILED: ECS deployment circuit breaker: tasks failed to start.',
    );
  });
});
