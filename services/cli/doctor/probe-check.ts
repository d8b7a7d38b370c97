import type { RewindEvent } from '../../../state-machines/log/events';
import { positionOf } from '../../../state-machines/log/position';
import type { Fold } from '../../../state-machines/service/fold';
import type { EventLog } from '../../event-log/event-log';
import { snapshotContent } from '../../event-log/snapshot';
import { probeStreamOf } from '../../notifications/own/probe';
import type { WaitingClock } from '../../runtime/clock';
import { type CheckResult, resultsOfCheck } from './check-result';
import { type ExaminedStack, resourcesOf } from './examined-stack';

const lookMilliseconds = 250;

/** Whether a notification put on the bus reaches the log, and the log wakes the reconciler. */
export async function checkFlow(examined: ExaminedStack): Promise<CheckResult[]> {
  const { passed, noted, failed } = resultsOfCheck('flow');
  const { stack, description, probeSeconds, clock } = examined;
  const [table] = resourcesOf(examined, 'AWS::DynamoDB::Table');
  if (probeSeconds === null) return [noted('no probe was sent', 'leave --no-probe out to send one')];
  if (table === undefined) return [failed('there is no log to look into', 'deploy the stack again')];
  const sentAt = clock.now();
  const time = { clock, deadline: sentAt + probeSeconds * 1000 };
  const log = stack.eventLog(table.physicalId);
  const id = await stack.putProbe();
  const probe = await repeatUntil(time, () => probeIn(log, { description, id }));
  if (probe === null) {
    const said = `a probe put on the bus did not reach the log within ${probeSeconds} s`;
    return [failed(said, 'see the rules, the queues and the errors of ingest here, in that order')];
  }
  const recordedAfter = secondsBetween(sentAt, clock.now());
  const isFolded = await repeatUntil(time, async () => ((await isFoldedIn(log, probe)) ? true : null));
  // Whoever may not delete leaves it there: it does no harm.
  await stack.clearProbe(table.physicalId, probe).catch(() => {});
  if (isFolded === null) {
    const said = `a probe stands in the log, but the reconciler was not woken within ${probeSeconds} s`;
    return [failed(said, "see the table's stream, and the reader and errors of the reconciler here")];
  }
  const foldedAfter = secondsBetween(sentAt, clock.now());
  const said = `a probe was in the log after ${recordedAfter} s, and folded by the reconciler after ${foldedAfter} s`;
  return [passed(said)];
}

async function probeIn(
  log: EventLog,
  { description, id }: { readonly description: ExaminedStack['description']; readonly id: string },
): Promise<RewindEvent | null> {
  for await (const { event } of log.read(probeStreamOf(description), null)) if (event.id === id) return event;
  return null;
}

async function isFoldedIn(log: EventLog, probe: RewindEvent): Promise<boolean> {
  const { fold }: { fold: Fold } = snapshotContent(await log.readSnapshot(probe.service), probe.service);
  return fold.position !== null && fold.position >= positionOf(probe);
}

/** What the look finds, as often as there is time for; null when it finds nothing. */
async function repeatUntil<Found>(
  { clock, deadline }: { readonly clock: WaitingClock; readonly deadline: number },
  look: () => Promise<Found | null>,
): Promise<Found | null> {
  for (;;) {
    const found = await look();
    if (found !== null || clock.now() > deadline) return found;
    await clock.wait(lookMilliseconds);
  }
}

function secondsBetween(start: number, end: number): string {
  return ((end - start) / 1000).toFixed(1);
}
