import { InvalidIdentifierError } from '../../state-machines/log/identifiers';
import { type Instant, instantFrom } from '../../state-machines/log/instant';

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
  const plain = text.startsWith(lastDay.prefix) ? lastDay.startsAt + timeOfDay(text) : Number.NaN;
  const milliseconds = plain >= 0 ? plain : parseAnyForm(text);
  if (milliseconds >= 0 && milliseconds <= lastInstant) return instantFrom(milliseconds);
  throw new InvalidIdentifierError(`"${text.slice(0, 40)}" is not a time such as 2026-01-31T12:00:00.000Z`);
}

/**
 * The day of the last time that was parsed (`2026-01-31T`) and its first millisecond. Times come by the million and mostly of one day after
 * the other: the pattern and the calendar are then asked once a day.
 */
let lastDay = { prefix: 'none', startsAt: Number.NaN };
const dayLength = 'YYYY-MM-DDT'.length;

function parseAnyForm(text: string): number {
  const match = instantPattern.exec(text);
  if (match === null) return Number.NaN;
  const prefix = text.slice(0, dayLength);
  const midnight = instantPattern.exec(`${prefix}00:00:00Z`);
  if (midnight !== null) lastDay = { prefix, startsAt: millisecondsOf(midnight) };
  return millisecondsOf(match);
}

/** Of a text that ends in `hh:mm:ssZ` or `hh:mm:ss.fZ`, the milliseconds since midnight; NaN for any other form. */
function timeOfDay(text: string): number {
  const [hour, minute, second] = [twoDigits(text, 11), twoDigits(text, 14), twoDigits(text, 17)];
  const isPlain = text[13] === ':' && text[16] === ':' && text.endsWith('Z');
  if (!isPlain || !(hour <= 23 && minute <= 59 && second <= 59)) return Number.NaN;
  return ((hour * 60 + minute) * 60 + second) * 1000 + (text.length === 20 ? 0 : fractionOf(text));
}

/** The milliseconds of `.f` behind the seconds: one to nine digits up to the last character. */
function fractionOf(text: string): number {
  const end = text.length - 1;
  if (text[19] !== '.' || end < 21 || end > 29) return Number.NaN;
  let milliseconds = 0;
  for (let index = 20, unit = 100; index < end; index += 1, unit = unit === 1 ? 0 : unit / 10) {
    milliseconds += digitAt(text, index) * unit;
  }
  return milliseconds;
}

function twoDigits(text: string, index: number): number {
  return digitAt(text, index) * 10 + digitAt(text, index + 1);
}

/** NaN where there is none. */
function digitAt(text: string, index: number): number {
  const digit = text.charCodeAt(index) - 0x30;
  return digit >= 0 && digit <= 9 ? digit : Number.NaN;
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
