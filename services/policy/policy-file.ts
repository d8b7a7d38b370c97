import { partsOfService, type ServiceArn } from '../../state-machines/log/identifiers';
import { defaultPolicy, type Policy } from '../../state-machines/log/policy';
import { type DeclaredProtection, undeclared } from '../../state-machines/protection/configuration';
import { declareNative } from './declare-native';
import { globMatcher, overlay } from './overlay';
import type { Account, PolicyContent } from './policy-file-schema';
import { policyNotes } from './policy-notes';
import type { TaggableKeys } from './policy-tags';
import { parsePolicyText } from './policy-text';

/** What a policy file says of every service. */
export interface PolicyFile {
  /** Whether Rewind looks after the service. */
  manages(service: ServiceArn): boolean;
  /** The service's policy, before its own tags (`withTags`). */
  policyFor(service: ServiceArn): Policy;
  /** Which keys a service's own tags may set. */
  readonly taggable: TaggableKeys;
  /** How the services of other accounts and regions are reached, by account id. */
  readonly accounts: ReadonlyMap<string, Account>;
  /** What is wanted of ECS's own protection of the service. */
  protectionFor(service: ServiceArn): DeclaredProtection;
}

/** A policy file as people wrote it. */
export interface WrittenPolicyFile extends PolicyFile {
  /** What people should know of the file, a sentence each. */
  readonly notes: readonly string[];
}

/**
 * What holds where nobody wrote a policy file: every service is managed, under the default policy.
 */
export const noPolicyFile: PolicyFile = {
  manages: () => true,
  policyFor: () => defaultPolicy,
  taggable: null,
  accounts: new Map(),
  protectionFor: () => undeclared,
};

/**
 * Reads a policy file, YAML or JSON. Pure; `fileName` is for the sentence of PolicyFileError, which
 * is thrown for the first thing that is wrong. An empty file says nothing, and leaves the defaults.
 */
export function parsePolicyFile(text: string, fileName: string): WrittenPolicyFile {
  const content = parsePolicyText(text, fileName);
  return { ...policyFileOf(content), notes: policyNotes(content) };
}

/**
 * What a checked policy file says. A function of its own, so that what is deployed carries no
 * parser of YAML and no notes: the packaging checks the file, and hands it on as JSON.
 */
export function policyFileOf(content: PolicyContent): PolicyFile {
  const { manage, defaults, services = [], accounts = {}, tags } = content;
  const isManaged = manage === undefined ? () => true : globMatcher(manage);
  const entries = services.map(({ match, ...settings }) => ({ applies: globMatcher(match), settings }));
  const settingsFor = (service: ServiceArn) => {
    const { path } = partsOfService(service);
    const matching = entries.filter(({ applies }) => applies(path)).map(({ settings }) => settings);
    return [defaults ?? {}, ...matching];
  };
  return {
    manages: (service) => isManaged(partsOfService(service).path),
    accounts: new Map(Object.entries(accounts)),
    taggable: tags === undefined ? null : new Set<string>(tags),
    policyFor: (service) =>
      settingsFor(service).reduce(
        (policy, { native: _native, ...part }) => overlay(policy, part),
        defaultPolicy,
      ),
    protectionFor: (service) =>
      settingsFor(service).reduce((declared, { native = {} }) => declareNative(declared, native), undeclared),
  };
}
