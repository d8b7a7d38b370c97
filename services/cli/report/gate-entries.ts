import type { RewindEvent } from '../../../state-machines/log/events';
import type { HookChanged, ServiceDeploymentContinued } from '../../../state-machines/log/observed-events';
import type { GateEvent } from '../../../state-machines/log/traffic/gate-events';
import type { GateEntry } from './report-data';

/**
 * The gates of a rollout in the order in which ECS came to them: how long each waited, who was
 * asked, and who answered what.
 */
export function gatesIn(events: readonly RewindEvent[]): GateEntry[] {
  const gates = new Map<string, GateEntry>();
  for (const event of events) {
    if (!isOfGate(event) || event.hookId === null) continue;
    const known = gates.get(event.hookId) ?? newGate(event);
    if (known !== null) gates.set(event.hookId, withEvent(known, event));
  }
  return [...gates.values()];
}

type GateNews = GateEvent | HookChanged | ServiceDeploymentContinued;

const types: ReadonlySet<RewindEvent['type']> = new Set<GateNews['type']>([
  'HookChanged',
  'ServiceDeploymentContinued',
  'GateHeld',
  'GateDecided',
  'GateAnswered',
  'GateOvertaken',
]);

function isOfGate(event: RewindEvent): event is GateNews {
  return types.has(event.type);
}

/** A function that ECS calls is no gate: nobody is waited for. */
function newGate(event: GateNews): GateEntry | null {
  if (event.type === 'ServiceDeploymentContinued') return null;
  if (event.type === 'HookChanged' && event.eventName !== 'HOOK_AWAITING_ACTION') return null;
  const stage = event.type === 'HookChanged' ? event.lifecycleStage : event.stage;
  const none = { to: null, until: null, held: null, answer: null, by: null, because: null };
  return { stage: stage ?? 'an unknown stage', from: event.occurredAt, isTimedOut: false, ...none };
}

function withEvent(gate: GateEntry, event: GateNews): GateEntry {
  switch (event.type) {
    case 'HookChanged': {
      if (event.eventName === 'HOOK_AWAITING_ACTION') return { ...gate, until: event.expiresAt };
      const isTimedOut = event.eventName === 'HOOK_TIMED_OUT';
      return { ...gate, to: gate.to ?? event.occurredAt, isTimedOut };
    }
    case 'ServiceDeploymentContinued':
      return { ...gate, answer: event.action, by: gate.by ?? event.by, to: event.occurredAt };
    case 'GateHeld':
      return { ...gate, held: event.missing.join('; '), until: gate.until ?? event.expiresAt };
    case 'GateDecided':
      return { ...gate, answer: event.answer, because: event.because };
    case 'GateAnswered':
      return { ...gate, by: 'Rewind', to: event.answeredAt };
    case 'GateOvertaken':
      return { ...gate, isTimedOut: gate.isTimedOut || event.found === 'HOOK_TIMED_OUT' };
    default:
      return event satisfies never;
  }
}
