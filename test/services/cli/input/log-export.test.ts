import { describe, expect, it } from 'vitest';
import { History } from '../../../../services/cli/input/history';
import { parseExportLine } from '../../../../services/cli/input/log-export';
import { replayHistory } from '../../../../services/cli/replay/replay-history';
import { formatExportLine } from '../../../../services/event-log/export-line';
import { translate } from '../../../../services/notifications/translate';
import { noPolicyFile } from '../../../../services/policy/policy-file';
import type { RolloutOpened } from '../../../../state-machines/log/decided-events';
import {
  type EventId,
  parseDeploymentId,
  parseServiceArn,
  parseTaskDefinitionArn,
} from '../../../../state-machines/log/identifiers';
import { instantFrom } from '../../../../state-machines/log/instant';
import { defaultPolicy } from '../../../../state-machines/log/policy';
import { history } from '../../../fixtures/histories/history';

const { lines } = history({ services: 1, rollouts: 1, badPercent: 0, lines: 40, seed: 3 });
const recorded = lines.flatMap((notification) => {
  const translation = translate(JSON.parse(notification));
  if (translation.kind !== 'event') return [];
  return [
    { event: translation.event, recordedAt: instantFrom(translation.event.occurredAt + 500), notification },
  ];
});
const startedAt = instantFrom(Date.UTC(2026, 0, 1));
const opened: RolloutOpened = {
  type: 'RolloutOpened',
  id: 'x~RolloutOpened' as EventId,
  service: parseServiceArn('arn:aws:ecs:eu-west-1:111122223333:service/prod/service-0'),
  occurredAt: startedAt,
  deployment: parseDeploymentId('ecs-svc/1'),
  startedAt,
  madeWith: { reducerVersion: 1, policyVersion: 'abc', eventsSeen: 1 },
  taskDefinition: parseTaskDefinitionArn('arn:aws:ecs:eu-west-1:111122223333:task-definition/web:1'),
  stable: null,
  desiredCount: 3,
  deploymentConfiguration: { strategy: 'ROLLING' },
  policy: defaultPolicy,
  rollbackOf: null,
  alarms: [],
};

describe('a line of an export', () => {
  it('is read back as it was written', () => {
    for (const { event, recordedAt, notification } of [
      ...recorded,
      { event: opened, recordedAt: startedAt, notification: null },
    ]) {
      const line = formatExportLine({ event, recordedAt, notification });
      expect(line).not.toContain('\n');
      expect(parseExportLine(JSON.parse(line))).toEqual({ event, recordedAt });
    }
  });

  it.each([
    { wayBack: { taskDefinition: 'web:1', deployment: null, serviceRevision: null, images: null } },
    { images: { app: 7 } },
    { serviceRevision: 7 },
    { standingTasks: -1 },
    { standingTasks: 'two' },
  ])('is refused where a later field of it is wrong: %o', (wrong) => {
    const line = formatExportLine({ event: opened, recordedAt: startedAt, notification: null });
    const parsed = { ...JSON.parse(line), event: { ...opened, ...wrong } };
    expect(parseExportLine(parsed)).toEqual({
      because: expect.stringContaining(`event.${Object.keys(wrong)[0]}`),
    });
  });

  it('is refused where a conclusion proves what is no task definition', () => {
    const { deployment, startedAt: since, madeWith, id, service, occurredAt } = opened;
    const concluded = {
      ...{ type: 'RolloutConcluded', id, service, occurredAt, deployment, startedAt: since, madeWith },
      ...{ outcome: 'succeeded', reason: 'BakePassed', eventId: 'e', message: 'm' },
    };
    const proven = { taskDefinition: opened.taskDefinition, serviceRevision: null, images: null };
    const line = (given: object) => ({
      schemaVersion: 1,
      recordedAt: '2026-01-01T00:00:00.000Z',
      event: { ...concluded, proven: given },
    });
    expect(parseExportLine(line(proven))).toHaveProperty('event');
    expect(parseExportLine(line({ ...proven, taskDefinition: 'web:1' }))).toEqual({
      because: expect.stringContaining('event.proven.taskDefinition'),
    });
  });

  it('is judged as its notification is', () => {
    const asOf = instantFrom(Date.UTC(2026, 1, 1));
    const raw = historyOf(lines, { asOf });
    const exported = historyOf(recorded.map(formatExportLine), { asOf });
    expect(replayHistory(exported, noPolicyFile).map(({ verdict }) => verdict?.result)).toEqual(
      replayHistory(raw, noPolicyFile).map(({ verdict }) => verdict?.result),
    );
  });

  it('is left out when it was learnt after the instant that is asked for', () => {
    const asOf = recorded[3]?.event.occurredAt ?? null;
    expect(historyOf(recorded.map(formatExportLine), { asOf }).inputCounts()).toEqual({
      read: recorded.length,
      folded: recorded.filter(({ recordedAt }) => asOf !== null && recordedAt <= asOf).length,
      duplicates: 0,
      ignored: recorded.filter(({ recordedAt }) => asOf !== null && recordedAt > asOf).length,
      invalid: 0,
    });
  });

  it('that holds a decision is left out when another policy is asked for', () => {
    const line = formatExportLine({ event: opened, recordedAt: startedAt, notification: null });
    expect(historyOf([line], {}).inputCounts()).toMatchObject({ folded: 1, ignored: 0 });
    expect(historyOf([line], { leavesOutDecisions: true }).inputCounts()).toMatchObject({
      folded: 0,
      ignored: 1,
    });
  });

  it.each([
    [{ schemaVersion: 2, event: opened }, 'schemaVersion 2'],
    [
      { schemaVersion: 1, event: { ...opened, type: 'Opened' }, recordedAt: '2026-01-01T00:00:00Z' },
      'event.type',
    ],
    [
      { schemaVersion: 1, event: { ...opened, service: 'web' }, recordedAt: '2026-01-01T00:00:00Z' },
      'event.service',
    ],
    [
      { schemaVersion: 1, event: { ...opened, desiredCount: 'two' }, recordedAt: '2026-01-01T00:00:00Z' },
      'event.desiredCount is wrong: Invalid input: expected number, received string',
    ],
    [{ schemaVersion: 1, event: opened, recordedAt: 'then' }, 'recordedAt: "then" is not a time'],
  ])('that is wrong is refused in a sentence that names the field', (line, sentence) => {
    expect(parseExportLine(line)).toMatchObject({ because: expect.stringContaining(sentence) });
  });
});

function historyOf(
  texts: readonly string[],
  options: Partial<ConstructorParameters<typeof History>[0]>,
): History {
  const read = new History({ policyFile: noPolicyFile, leavesOutDecisions: false, asOf: null, ...options });
  for (const text of texts) expect(read.take(JSON.parse(text))).toBeNull();
  return read;
}
