import { InvalidIdentifierError } from '../../state-machines/log/identifiers';
import { type Instant, instantFrom } from '../../state-machines/log/instant';

/**
 * The forms seen in notifications: no fraction or 1 to 9 digits of one, and a zone of `Z`, `+00:00`
 * or `+0000`. CloudWatch writes the last, which is not RFC 3339:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
 */
const instantPattern = /^(\d{4}-\d\d-(\d\d)T\d\d:\d\d:\d\d(?:\.\d{1,9})?)(?:Z|([+-])(\d\d):?(\d\d))$/i;

/** The form of most, on days that every month has: Date.parse reads those as they stand. */
const usualPattern = /^\d{4}-\d\d-([01]\d|2[0-8])T([01]\d|2[0-3]):\d\d:\d\d(\.\d{1,9})?Z$/;

/** The last instant with 13 digits (the year 2286): positions in the log have no room for more. */
const lastInstant = 9_999_999_999_999;

/**
 * Parses a time as AWS writes it, cut to whole milliseconds. Throws InvalidIdentifierError for
 * anything else, and for a time before 1970.
 */
export function parseInstant(text: string): Instant {
  const milliseconds = usualPattern.test(text) ? Date.parse(text) : millisecondsOf(text);
  if (milliseconds >= 0 && milliseconds <= lastInstant) return instantFrom(milliseconds);
  throw new InvalidIdentifierError(`"${text.slice(0, 40)}" is not a time such as 2026-01-31T12:00:00.000Z`);
}

function millisecondsOf(text: string): number {
  const match = instantPattern.exec(text);
  if (match === null) return Number.NaN;
  const [, dateAndTime = '', day, sign = '+', zoneHours = '0', zoneMinutes = '0'] = match;
  const local = Date.parse(`${dateAndTime.toUpperCase()}Z`);
  // Date.parse takes the 31st of February and 24:00 for the day after: such a text is a mistake,
  // not a time.
  if (new Date(local).getUTCDate() !== Number(day)) return Number.NaN;
  const zone = (Number(zoneHours) * 60 + Number(zoneMinutes)) * 60_000;
  return sign === '-' ? local + zone : local - zone;
}
