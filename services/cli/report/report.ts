import { partsOfService, shortTaskDefinition } from '../../../state-machines/log/identifiers';
import {
  arrowsOfDeploymentMachine,
  phasesOfDeploymentMachine,
} from '../../../state-machines/rollout/machine-chart';
import type { Rollout } from '../../../state-machines/rollout/rollout';
import { embeddedElement } from './embedded-element';
import { htmlPage } from './html-page';
import type { KeptNotifications } from './kept-notifications';
import {
  dataIds,
  type IndexEntry,
  notificationsPerBlock,
  type ReportIndex,
  type RolloutDetail,
} from './report-data';
import type { RolloutTrace, RolloutTraces } from './rollout-trace';
import { timelineOf } from './timeline-entries';

/** What a report shows: a replay of a history, and what its fold showed on the way. */
interface Report {
  readonly input: ReportIndex['input'];
  readonly rollouts: readonly Rollout[];
  /** Where the history ends. */
  readonly until: number;
  readonly traces: RolloutTraces;
  readonly notifications: KeptNotifications;
}

/** The output of `--format html`: one file, in parts. */
export function formatReport(report: Report): AsyncGenerator<string> {
  return htmlPage({ title: 'Rewind: the rollouts of a history', data: dataOf(report) });
}

function* dataOf(report: Report): Generator<string> {
  const index: ReportIndex = {
    input: report.input,
    phases: phasesOfDeploymentMachine(),
    arrows: arrowsOfDeploymentMachine(),
    rollouts: report.rollouts.map(indexEntry),
  };
  yield embeddedElement(dataIds.index, JSON.stringify(index));
  for (const [number, rollout] of report.rollouts.entries()) {
    const trace = report.traces.of(rollout);
    yield embeddedElement(
      dataIds.detail(number),
      JSON.stringify(rolloutDetail(rollout, trace, report.until)),
    );
    yield* notificationBlocks(number, trace, report.notifications);
  }
}

function indexEntry(rollout: Rollout): IndexEntry {
  const { path, region, account } = partsOfService(rollout.service);
  const { deployment, taskDefinition, startedAt, phase, outcome, verdict, evidence } = rollout;
  return {
    path,
    region,
    account,
    deployment,
    taskDefinition: taskDefinition === null ? null : shortTaskDefinition(taskDefinition),
    isRollback: rollout.rollbackOf !== null,
    startedAt,
    phase,
    outcome,
    verdict: verdict && { result: verdict.result, reason: verdict.reason, message: verdict.message },
    secondsToVerdict: verdict && (verdict.at - startedAt) / 1000,
    started: evidence.started,
    failed: evidence.failed,
  };
}

function rolloutDetail(rollout: Rollout, trace: RolloutTrace, until: number): RolloutDetail {
  const { events, evidence } = trace;
  return {
    rollout,
    endsAt: rollout.endedAt ?? Math.max(until, rollout.startedAt),
    timeline: timelineOf(rollout, events),
    tasks: trace.tasks(),
    evidence,
    events: {
      at: events.map(({ occurredAt }) => occurredAt),
      label: events.map((event) => (event.type === 'TaskChanged' ? event.lastStatus : event.type)),
    },
  };
}

function* notificationBlocks(
  rollout: number,
  { events }: RolloutTrace,
  notifications: KeptNotifications,
): Generator<string> {
  for (let start = 0; start < events.length; start += notificationsPerBlock) {
    const block = events.slice(start, start + notificationsPerBlock);
    const json = `[${block.map((event) => notifications.jsonOf(event)).join(',')}]`;
    yield embeddedElement(dataIds.notifications(rollout, start / notificationsPerBlock), json);
  }
}
