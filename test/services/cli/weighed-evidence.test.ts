import { createColors } from 'picocolors';
import { describe, expect, it } from 'vitest';
import { formatRolloutAudit } from '../../../services/cli/audit/audit-text';
import { auditRollout, type RolloutAudit } from '../../../services/cli/audit/rollout-audit';
import { RolloutTraces } from '../../../services/cli/report/rollout-trace';
import { defaultPolicy } from '../../../state-machines/log/policy';
import { replay } from '../../../state-machines/replay/replay';
import { completed, running, second, service, started, stopped } from '../../state-machines/story';

const policy = { ...defaultPolicy, failureRule: 'evidence' } as const;
const until = second(2000);
/** A service that starts twenty tasks well, and a release of which two of three tasks crash. */
const events = [
  started(1, 0),
  ...Array.from({ length: 20 }, (_, index) => running(`a${index}`, 10 + index, { deployment: 1 })),
  completed(1, 60),
  started(2, 1000),
  ...['b1', 'b2', 'b3'].map((task, index) => running(task, 1010 + index, { deployment: 2 })),
  ...['b1', 'b2'].map((task, index) => stopped(task, 1020 + 10 * index, { deployment: 2, ranFrom: 1010 })),
];
const traces = new RolloutTraces();
const rollout = replay(events, { policy, until, follow: (step) => traces.follow(step) }).at(-1);
if (rollout === undefined) throw new Error('the story has a rollout');

function told(story: RolloutAudit): string {
  return [...formatRolloutAudit(story, createColors(false))].join('').replace(/\s+/g, ' ');
}

describe('the evidence by which a rollout failed', () => {
  it('is drawn over time, up to the ratio of the verdict', () => {
    const ratios = traces.of(rollout).evidence.map(({ ratio }) => ratio ?? 0);
    expect(ratios.at(-1)).toBe(rollout.verdict?.evidence?.ratio);
    expect(ratios.at(-1)).toBeGreaterThan(policy.evidenceRatio);
    expect(Math.max(...ratios.slice(0, -1))).toBeLessThan(policy.evidenceRatio);
  });

  it('stands in the audit: at each failure, and with counts and past below the story', () => {
    const learnt = events.map((event) => ({
      event,
      recordedAt: event.occurredAt,
      isNotified: true,
      isAsWritten: true,
    }));
    const verification = { service, decisions: [], unchained: 0 };
    const story = auditRollout(rollout, { service, events: learnt, unreadable: [] }, verification);
    const text = told(story);
    expect(text).toMatch(/1 of 3 failed \(33 %\); [\d.]+ times likelier if the release is bad, 10 needed/);
    expect(text).toMatch(
      /evidence 2 of 3 starts failed, 0 running tasks lost in 0 task-hours; before, 0 of 20 starts and 0 in [\d.]+ task-hours: [\d.]+ times likelier if the release is bad, 10 needed/,
    );
    const observed = { ...rollout, policy: { ...rollout.policy, mode: 'observe' as const } };
    const ofObserved = auditRollout(observed, { service, events: learnt, unreadable: [] }, verification);
    expect(told(ofObserved)).toContain('else by percent: the same at the same time');
    expect(text).not.toContain('else by percent');
  });
});
