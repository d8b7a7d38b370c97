import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { deploymentMachinePage } from '../../../infra/docs/generate';
import { advance } from '../../../state-machines/rollout/advance';
import { type LiveRollout, openRollout } from '../../../state-machines/rollout/live-rollout';
import { arrowsOfDeploymentMachine } from '../../../state-machines/rollout/machine-chart';
import type { Phase } from '../../../state-machines/rollout/rollout';
import { deploymentId, second, stopped } from '../story';
import { opening } from './judged';
import { base, carrying, type SignalType, signals } from './signals';

/** A rollout with one failed task, so that one more fails it. */
function watching(): LiveRollout {
  return advance(openRollout(opening), carrying(stopped('b1', 50, { deployment: 2 })));
}
const inPhase: Record<Phase, () => LiveRollout> = {
  watching,
  baking: () => advance(watching(), { ...base, type: 'DeploymentCompleted', at: second(60) }),
  rollingBack: () => advance(advance(watching(), signals.DeploymentFailed), signals.RollbackIssued),
  done: () => advance(watching(), signals.ServiceDeleted),
};

/** Where each signal leads, by the phase it meets. What a phase is not named for stays as it is. */
const leadsTo: Record<Exclude<Phase, 'done'>, Partial<Record<SignalType, Phase>>> = {
  watching: {
    TaskChanged: 'rollingBack',
    AlarmChanged: 'rollingBack',
    DeploymentFailed: 'rollingBack',
    VerdictReached: 'rollingBack',
    PassRevoked: 'rollingBack',
    StallElapsed: 'rollingBack',
    RollbackStarted: 'rollingBack',
    DeploymentCompleted: 'baking',
    RolloutConcluded: 'done',
    ServiceDeleted: 'done',
    NewerDeploymentStarted: 'done',
  },
  baking: {
    TaskChanged: 'rollingBack',
    AlarmChanged: 'rollingBack',
    DeploymentFailed: 'rollingBack',
    VerdictReached: 'rollingBack',
    PassRevoked: 'rollingBack',
    RollbackStarted: 'rollingBack',
    AlarmsChecked: 'rollingBack',
    BakeElapsed: 'done',
    RolloutConcluded: 'done',
    ServiceDeleted: 'done',
    NewerDeploymentStarted: 'done',
  },
  rollingBack: {
    DeadlineElapsed: 'done',
    RollbackRejected: 'done',
    RollbackCompleted: 'done',
    RollbackFailed: 'done',
    RolloutConcluded: 'done',
    ServiceDeleted: 'done',
    NewerDeploymentStarted: 'done',
  },
};

describe.each(Object.entries(leadsTo))('a rollout that is %s', (phase, moves) => {
  it.each(Object.values(signals))('is led by $type where the table says', (signal) => {
    const before = inPhase[phase as Phase]();
    expect(before.phase).toBe(phase);
    const after = advance(before, signal);
    expect(after.phase).toBe(moves[signal.type] ?? phase);
    const steps = after.context.transitions.length - before.context.transitions.length;
    expect(steps).toBe(after.phase === phase ? 0 : 1);
  });

  it.each(Object.values(signals))(
    'is not moved by what $type reports while a recorded decision lies ahead',
    (signal) => {
      const recorded: readonly SignalType[] = ['VerdictReached', 'PassRevoked', 'RolloutConcluded'];
      const isDecision = [...recorded, 'DeploymentCompleted'].includes(signal.type);
      const after = advance(inPhase[phase as Phase](), {
        ...signal,
        ahead: { verdict: true, conclusion: true, unjudgedEnd: false, revocation: false },
      });
      expect(after.phase).toBe(isDecision ? (moves[signal.type] ?? phase) : phase);
    },
  );
});

describe('a rollout that is done', () => {
  it.each(Object.values(signals))('stays exactly as it is at $type', (signal) => {
    const done = inPhase.done();
    expect(advance(done, signal)).toBe(done);
  });
});

describe('a rollback', () => {
  it.each([signals.TaskChanged, signals.DeploymentFailed, signals.StallElapsed, signals.RollbackStarted])(
    'ends as rollbackFailed at $type, and is never rolled back itself (I3)',
    (signal) => {
      const known = openRollout({ ...opening, rollbackOf: deploymentId(9) });
      // Nobody has told of what ECS goes back from.
      const unknown = openRollout({ ...opening, isGoingBack: true });
      for (const rollback of [known, unknown]) {
        const failing = advance(rollback, carrying(stopped('b1', 50, { deployment: 2 })));
        expect(advance(failing, signal)).toMatchObject({
          phase: 'done',
          context: { outcome: 'rollbackFailed' },
        });
      }
    },
  );
});

describe('the chart in the docs', () => {
  it('is the machine that runs', () => {
    const page = readFileSync(new URL('../../../docs/deployment-machine.md', import.meta.url), 'utf8');
    expect(page, 'stale: run `npm run docs`').toBe(deploymentMachinePage());
  });

  it('shows a phase for every word that the design has', () => {
    expect(new Set(arrowsOfDeploymentMachine().map(({ from }) => from))).toEqual(
      new Set(['watching', 'baking', 'rollingBack', 'done']),
    );
  });
});
