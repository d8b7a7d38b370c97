import { type Instant, InvalidIdentifierError, instantFrom } from '../../state-machines/identifiers';

/**
 * The forms seen in notifications: no fraction or 1 to 9 digits of one, and a zone of `Z`, `+00:00` or `+0000`. CloudWatch writes
 * the last (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html), which is not RFC 3339.
 */
const instantPattern =
  /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):?(\d\d))$/i;

/** The last instant with 13 digits (the year 2286): positions in the log have no room for more. */
const lastInstant = 9_999_999_999_999;

/** Parses a time as AWS writes it, cut to whole milliseconds. Throws InvalidIdentifierError for anything else, and before 1970. */
export function parseInstant(text: string): Instant {
  const match = instantPattern.exec(text);
  const milliseconds = match === null ? Number.NaN : millisecondsOf(match);
  if (milliseconds >= 0 && milliseconds <= lastInstant) return instantFrom(milliseconds);
  throw new InvalidIdentifierError(`"${text.slice(0, 40)}" is not a time such as 2026-01-31T12:00:00.000Z`);
}

function millisecondsOf(match: RegExpExecArray): number {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number);
  const [, , , , , , , fraction = '', sign = '+', zoneHours = '0', zoneMinutes = '0'] = match;
  const local = Date.UTC(
    year,
    month - 1,
    day,
    hour,
    minute,
    second,
    Number(fraction.slice(0, 3).padEnd(3, '0')),
  );
  // Date.UTC takes the 31st of February for a day in March: such a text is a mistake, not a time.
  if (new Date(local).getUTCDate() !== day || month > 12 || hour > 23 || minute > 59 || second > 59)
    return Number.NaN;
  const zone = (Number(zoneHours) * 60 + Number(zoneMinutes)) * 60_000;
  return sign === '-' ? local + zone : local - zone;
}
