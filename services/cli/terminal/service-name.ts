import {
  InvalidIdentifierError,
  parseServiceArn,
  partsOfService,
  type ServiceArn,
} from '../../../state-machines/log/identifiers';
import { CommandError, exitCode } from './exit-code';

/**
 * The one service that a name means: its ARN, cluster/service, or the service's bare name. What
 * fits two is listed and never guessed, and what fits none is told with what there is. `where` says
 * whose services are known, such as "the table rewind". Throws CommandError.
 */
export function serviceNamed(name: string, known: readonly ServiceArn[], where: string): ServiceArn {
  if (/[*?[{]/.test(name)) {
    throw new CommandError(`"${name}" is a pattern: SERVICE names one service`, exitCode.usage);
  }
  const fitting = name.startsWith('arn:')
    ? known.filter((service) => service === parsedServiceArn(name))
    : known.filter((service) => isNamed(service, name));
  const [service, ...others] = fitting;
  if (service === undefined) {
    throw new CommandError(
      `${where} has no service ${name}; ${servicesThere(known, name)}`,
      exitCode.noInput,
    );
  }
  if (others.length > 0) {
    const sentence = `${name} fits ${fitting.length} services of ${where}: name one of them in full`;
    throw new CommandError(sentence, exitCode.usage, { list: sorted(fitting) });
  }
  return service;
}

/** A service ARN of the command line. Throws CommandError. */
export function parsedServiceArn(text: string): ServiceArn {
  try {
    return parseServiceArn(text);
  } catch (error) {
    if (!(error instanceof InvalidIdentifierError)) throw error;
    const [, short] = /^arn:[^/]*:service\/([^/]+)$/.exec(text) ?? [];
    if (short !== undefined) {
      const sentence = `SERVICE: ${text} names no cluster: say CLUSTER/${short}, or the ARN with its cluster`;
      throw new CommandError(sentence, exitCode.usage, { cause: error });
    }
    throw new CommandError(`SERVICE: ${error.message}`, exitCode.usage, { cause: error });
  }
}

/**
 * What there is instead of what was asked for, the likeliest first: `it has prod/web, prod/api`.
 */
export function servicesThere(known: readonly ServiceArn[], asked: string): string {
  const paths = [...new Set(known.map((service) => partsOfService(service).path))];
  if (paths.length === 0) return 'it has none';
  const [name = ''] = asked.split('/').slice(-1);
  const isLike = (path: string) => name !== '' && path.endsWith(`/${name}`);
  const ordered = [...sorted(paths.filter(isLike)), ...sorted(paths.filter((path) => !isLike(path)))];
  const more = ordered.length - namedAtMost;
  return `it has ${ordered.slice(0, namedAtMost).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

const namedAtMost = 5;

function isNamed(service: ServiceArn, asked: string): boolean {
  const { path, name } = partsOfService(service);
  return asked === path || asked === name;
}

function sorted<Text extends string>(texts: readonly Text[]): Text[] {
  return [...texts].sort();
}
