import { describe, expect, it } from 'vitest';
import type { Notification } from '../../../infra/ecs-simulator/src/ecs-simulator';
import { History } from '../../../services/cli/input/history';
import { replayHistory } from '../../../services/cli/replay/replay-history';
import { parsePolicyFile } from '../../../services/policy/policy-file';
import type { Cell } from './histories/compact-history';
import { unpacked } from './histories/compact-notifications';
import { playHistory } from './histories/play-history';
import { eventsOf, failedVerdict } from './judges/rewind-judge';
import { kinds } from './kinds/kinds';
import { defaultBreaker, strictBreaker } from './service/native-judge';

/** Every kind once, at one of the sizes in turn. */
const slice: readonly Cell[] = kinds.map(({ name }, index) => ({
  kind: name,
  size: [1, 2, 3][index % 3] ?? 1,
  seed: 101,
}));

describe('a history of the corpus', { timeout: 120_000 }, () => {
  it('is the same each time it is played', () => {
    for (const cell of slice.slice(0, 8)) expect(playHistory(cell)).toEqual(playHistory(cell));
  });

  it('gets the verdict from its compact form that rewind replay gives the notifications', () => {
    for (const cell of slice) {
      const notifications: Notification[] = [];
      const history = playHistory(cell, { emit: (notification) => notifications.push(notification) });
      const policyFile = parsePolicyFile(JSON.stringify({ defaults: { alarms: history.alarms } }), 'policy');
      const compact = failedVerdict(eventsOf(unpacked(history), history), history, {
        name: 'default',
        policyFile,
      });
      const raw = new History({ policyFile, leavesOutDecisions: false, asOf: null });
      for (const notification of notifications)
        expect(raw.take(JSON.parse(JSON.stringify(notification)))).toBeNull();
      const judged = replayHistory(raw, policyFile).find(
        ({ deployment }) => deployment === history.deployment,
      );
      const failed = judged?.verdict?.result === 'failed' ? judged.verdict : null;
      expect({ cell, at: compact?.at, because: compact?.message }).toEqual({
        cell,
        at: failed?.at,
        because: failed?.message,
      });
    }
  });

  it.each([
    { breaker: 'default', deploymentCircuitBreaker: defaultBreaker },
    { breaker: 'strict', deploymentCircuitBreaker: strictBreaker },
  ] as const)(
    'is failed by the $breaker breaker, where it really runs, when it was counted to be',
    ({ breaker, deploymentCircuitBreaker }) => {
      for (const cell of slice.filter(({ kind }) => !alarmKinds.has(kind))) {
        const { native, deployment } = playHistory(cell);
        const failures: number[] = [];
        playHistory(cell, {
          protection: { deploymentCircuitBreaker },
          emit: ({ detail }) => {
            const hasFailed =
              detail.eventName === 'SERVICE_DEPLOYMENT_FAILED' && detail.deploymentId === deployment;
            if (hasFailed) failures.push(Date.parse(String(detail.updatedAt)));
          },
        });
        expect({ cell, at: native[breaker] }).toEqual({ cell, at: failures[0] ?? null });
      }
    },
  );
});

const alarmKinds = new Set(kinds.filter(({ group }) => group === 'alarm').map(({ name }) => name));
