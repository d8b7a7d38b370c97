import { partsOfService, type ServiceArn } from '../../../state-machines/log/identifiers';
import { globMatcher } from '../../policy/overlay';
import type { PolicyFile } from '../../policy/policy-file';
import { CommandError, exitCode } from '../terminal/exit-code';
import { servicesThere } from '../terminal/service-name';

/** The services that a policy manages and globs fit, and the globs that fit none of them. */
export class ServiceSelection {
  readonly #policies: PolicyFile;
  readonly #globs: readonly { readonly glob: string; readonly fits: (path: string) => boolean }[];
  readonly #fitting = new Set<string>();
  readonly #fittingUnmanaged = new Set<string>();
  readonly #managed: ServiceArn[] = [];
  readonly #unmanaged: ServiceArn[] = [];

  constructor(policies: PolicyFile, globs: readonly string[]) {
    this.#policies = policies;
    this.#globs = globs.map((glob) => ({ glob, fits: globMatcher(glob) }));
  }

  /** Throws CommandError where the services cannot be listed. */
  async *among(services: AsyncIterable<ServiceArn>): AsyncGenerator<ServiceArn> {
    try {
      for await (const service of services) if (this.#select(service)) yield service;
    } catch (cause) {
      const { name, message } = cause as Error;
      const sentence = `the services of the account cannot be listed: ${name}: ${message}`;
      throw new CommandError(sentence, exitCode.unavailable, { cause });
    }
  }

  #select(service: ServiceArn): boolean {
    const isManaged = this.#policies.manages(service);
    (isManaged ? this.#managed : this.#unmanaged).push(service);
    const { path } = partsOfService(service);
    const fitting = this.#globs.filter(({ fits }) => fits(path));
    for (const { glob } of fitting) (isManaged ? this.#fitting : this.#fittingUnmanaged).add(glob);
    return isManaged && (this.#globs.length === 0 || fitting.length > 0);
  }

  /** A sentence for every filter that fitted nothing, once the services were listed. */
  misfits(): string[] {
    if (this.#managed.length === 0 && this.#unmanaged.length > 0) {
      return [
        `the policy manages no service of this account and region; ${servicesThere(this.#unmanaged, '')}`,
      ];
    }
    return this.#globs.filter(({ glob }) => !this.#fitting.has(glob)).map(({ glob }) => this.#misfitOf(glob));
  }

  #misfitOf(glob: string): string {
    if (this.#fittingUnmanaged.has(glob)) return `${glob} fits only services that the policy does not manage`;
    const form = glob.includes('/') || glob === '*' ? '' : ' as cluster/service';
    return `${glob} fits no service${form} of this account and region; ${servicesThere(this.#managed, glob)}`;
  }
}
