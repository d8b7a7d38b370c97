import { readFileSync } from 'node:fs';
import { EventStore } from '@castore/core';
import { History } from '../../services/cli/input/history';
import { attachWatchedAlarms, judge } from '../../services/cli/replay/replay-history';
import { noPolicyFile } from '../../services/policy/policy-file';
import type { RewindEvent } from '../../state-machines/log/events';
import { defaultPolicy } from '../../state-machines/log/policy';
import { evolve } from '../../state-machines/service/evolve';
import { inOrder } from '../../state-machines/service/fold';
import { decisionsIn, emptyState, type ServiceState } from '../../state-machines/service/service-state';

// One contestant of replay.ts: does the named thing to the lines of a file, once, and says how many
// milliseconds of processor time that took, garbage collection included: what else the machine does
// counts little in it.

function historyOf(lines: readonly string[]): History {
  const history = new History({ policyFile: noPolicyFile, leavesOutDecisions: false, asOf: null });
  for (const line of lines) history.take(JSON.parse(line));
  return history;
}

/** An event as castore holds it. */
interface StoredEvent {
  readonly aggregateId: string;
  readonly version: number;
  readonly type: string;
  readonly timestamp: string;
  readonly payload: RewindEvent;
}

/** The same events and the same reducer, in the loop that castore builds an aggregate with. */
function castoreFold(events: readonly RewindEvent[]): ServiceState | undefined {
  const ordered = inOrder(events);
  const ahead = decisionsIn(ordered);
  const store = new EventStore({
    eventStoreId: 'services',
    eventTypes: [],
    reducer: (state: never, { aggregateId, payload }: StoredEvent) =>
      evolve(state ?? emptyState(aggregateId as never), {
        event: payload,
        policy: defaultPolicy,
        ahead,
      }) as never,
  } as never) as unknown as { buildAggregate(events: readonly StoredEvent[]): ServiceState | undefined };
  return store.buildAggregate(
    ordered.map((event, index) => ({
      aggregateId: event.service,
      version: index + 1,
      type: event.type,
      timestamp: String(event.occurredAt),
      payload: event,
    })),
  );
}

const contestants: { readonly [name: string]: (lines: readonly string[]) => number } = {
  parse: (lines) => lines.reduce((count, line) => count + Object.keys(JSON.parse(line)).length, 0),
  replay: (lines) => judge(historyOf(lines), noPolicyFile).length,
  castore(lines) {
    const history = historyOf(lines);
    attachWatchedAlarms(history, [noPolicyFile]);
    return [...history.drain()].reduce(
      (count, [, events]) => count + (castoreFold(events)?.rollouts.length ?? 0),
      0,
    );
  },
};

const [, , name = '', file = ''] = process.argv;
const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
const before = process.cpuUsage();
const count = contestants[name]?.(lines);
const { user, system } = process.cpuUsage(before);
process.stdout.write(JSON.stringify({ milliseconds: (user + system) / 1000, count }));
