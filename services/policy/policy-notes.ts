import { describeHastyLimits, describeLateCounters } from '../../state-machines/analysis/limit-notes';
import { defaultPolicy } from '../../state-machines/log/policy';
import { gateStages } from '../../state-machines/log/traffic/gate-policy';
import { undeclared } from '../../state-machines/protection/configuration';
import { describeLongPlan } from '../../state-machines/protection/planned-wait';
import { declareNative } from './declare-native';
import { overlay } from './overlay';
import type { PolicyContent } from './policy-file-schema';

type Section = NonNullable<PolicyContent['defaults']>;

/** The keys that something may be said of. */
const noted: ReadonlySet<string> = new Set([
  'native',
  'deadlineSeconds',
  'stallSeconds',
  'analysis',
  'gates',
  'tests',
]);

/**
 * What people should know of a policy file that can be used all the same, a sentence each. Pure.
 * Each entry is read together with the defaults alone: which others match as well depends on the
 * service.
 */
export function policyNotes({ defaults = {}, services = [] }: PolicyContent): string[] {
  const entries = services
    .filter((entry) => Object.keys(entry).some((key) => noted.has(key)))
    .flatMap(({ match, ...entry }) => notesOnSection(`${match}`, [defaults, entry]));
  return [...notesOnSection('defaults', [defaults]), ...entries];
}

function notesOnSection(name: string, sections: readonly Section[]): string[] {
  const policy = sections.reduce(
    (under, { native: _native, ...part }) => overlay(under, part),
    defaultPolicy,
  );
  const declared = sections.reduce((under, { native = {} }) => declareNative(under, native), undeclared);
  const longPlan = describeLongPlan(declared.configuration, policy);
  const notes = longPlan === null ? [] : [`${name}: ${longPlan}`];
  const { stallSeconds, deadlineSeconds, analysis, gates, tests } = policy;
  const limits =
    analysis === null ? [] : [...describeHastyLimits(analysis), ...describeLateCounters(analysis)];
  notes.push(...limits.map((note) => `${name}: ${note}`));
  const idle = tests.filter(
    ({ at }) => !gates?.stages.some((stage) => gateStages.indexOf(at) <= gateStages.indexOf(stage)),
  );
  if (idle.length > 0) {
    const names = idle.map((test) => test.name).join(', ');
    notes.push(
      `${name}: no gate waits for the tests ${names}: gates name no stage at which, or after which, they run`,
    );
  }
  if (stallSeconds <= deadlineSeconds) return notes;
  const message = `stallSeconds (${stallSeconds}) is longer than deadlineSeconds (${deadlineSeconds}): people hear that a deployment is late before tasks that hang are judged`;
  return [...notes, `${name}: ${message}`];
}
