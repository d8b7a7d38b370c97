import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import type { Policy } from '../../state-machines/log/policy';
import { AccountNotConfiguredError } from '../aws/ecs/ecs';
import { credentialsSeconds } from '../aws/ecs/ecs-client';
import type { PolicyFile } from '../policy/policy-file';
import type { Account } from '../policy/policy-file-schema';
import { observingSession } from './observing-session';

/** An account's region, in which services run. */
export interface AccountRegion {
  readonly account: string;
  readonly region: string;
}

/**
 * What a client of the SDK is given to reach a place; nothing where the environment says it all.
 */
export interface Connection {
  readonly region?: string;
  readonly credentials?: ReturnType<typeof fromTemporaryCredentials>;
}

/**
 * The SDK asks for others five minutes before they run out; a role that is assumed by a role gives
 * an hour at most.
 */
const sessionSeconds = 3600;
/** Both together are `credentialsSeconds`. */
const connectSeconds = 1;

/** Every place that Rewind reaches: its own, and those of the policy file's accounts. */
export class AccountRegions {
  readonly #connections: ReadonlyMap<string, Connection>;
  readonly #all: readonly AccountRegion[];

  constructor(home: AccountRegion, accounts: PolicyFile['accounts'], mode: Policy['mode']) {
    const configured = [...accounts].flatMap(([account, given]) => {
      const credentials = roleCredentials(given, home.region, mode);
      return given.regions.map(
        (region) =>
          [
            { account, region },
            { region, ...credentials },
          ] as const,
      );
    });
    // Its own account may stand among the others for its other regions.
    const others = configured.filter(([place]) => accountRegionKey(place) !== accountRegionKey(home));
    this.#all = [home, ...others.map(([place]) => place)];
    this.#connections = new Map<string, Connection>([
      [accountRegionKey(home), {}],
      ...others.map(([place, connection]) => [accountRegionKey(place), connection] as const),
    ]);
  }

  /**
   * From the ARN of anything in ECS to what `make` makes for its place, once for each: as many are
   * kept as the policy file names. What is returned throws AccountNotConfiguredError for a place of
   * which nothing is known.
   */
  each<Part>(make: (connection: Connection) => Part): (arn: string) => Part {
    const made = new Map<string, Part>();
    return (arn) => {
      const place = accountRegionOf(arn);
      const connection = this.#connections.get(accountRegionKey(place));
      if (connection === undefined) throw new AccountNotConfiguredError(place);
      const part = made.get(accountRegionKey(place)) ?? make(connection);
      made.set(accountRegionKey(place), part);
      return part;
    };
  }

  /** What `make` makes for every place, Rewind's own first. */
  all<Part>(
    make: (connection: Connection) => Part,
  ): { readonly place: AccountRegion; readonly part: Part }[] {
    return this.#all.map((place) => ({
      place,
      part: make(this.#connections.get(accountRegionKey(place)) ?? {}),
    }));
  }
}

/** Rewind's own where no role is named. */
function roleCredentials({ role, externalId }: Account, region: string, mode: Policy['mode']): Connection {
  if (role === undefined) return {};
  return {
    credentials: fromTemporaryCredentials({
      params: {
        RoleArn: role,
        RoleSessionName: 'rewind',
        DurationSeconds: sessionSeconds,
        ...(externalId === undefined ? {} : { ExternalId: externalId }),
        // Its role there may write, deployed by others and for another mode.
        ...(mode === 'observe' ? { Policy: observingSession } : {}),
      },
      clientConfig: {
        region,
        maxAttempts: 1,
        requestHandler: {
          connectionTimeout: connectSeconds * 1000,
          requestTimeout: (credentialsSeconds - connectSeconds) * 1000,
          throwOnRequestTimeout: true,
        },
      },
    }),
  };
}

/** `arn:partition:ecs:region:account:…`, of a service as of a service deployment. */
function accountRegionOf(arn: string): AccountRegion {
  const [, , , region = '', account = ''] = arn.split(':');
  return { account, region };
}

function accountRegionKey({ account, region }: AccountRegion): string {
  return `${account}/${region}`;
}
