import { describeHastyLimits } from '../../state-machines/analysis/limit-notes';
import { defaultPolicy } from '../../state-machines/log/policy';
import { undeclared } from '../../state-machines/protection/configuration';
import { describeLongPlan } from '../../state-machines/protection/planned-wait';
import { declareNative } from './declare-native';
import { overlay } from './overlay';
import type { PolicyContent } from './policy-file-schema';

type Section = NonNullable<PolicyContent['defaults']>;

/**
 * What people should know of a policy file that can be used all the same, a sentence each. Pure.
 * Each entry is read together with the defaults alone: which others match as well depends on the
 * service.
 */
export function policyNotes({ defaults = {}, services = [] }: PolicyContent): string[] {
  const entries = services
    .filter((entry) => entry.native ?? entry.deadlineSeconds ?? entry.stallSeconds ?? entry.analysis)
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
  const { stallSeconds, deadlineSeconds, analysis } = policy;
  const limits = analysis === null ? [] : describeHastyLimits(analysis);
  notes.push(...limits.map((note) => `${name}: ${note}`));
  if (stallSeconds <= deadlineSeconds) return notes;
  const message = `stallSeconds (${stallSeconds}) is longer than deadlineSeconds (${deadlineSeconds}): people hear that a deployment is late before tasks that hang are judged`;
  return [...notes, `${name}: ${message}`];
}
