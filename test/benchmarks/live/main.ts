// How long it takes from the notification that tips a verdict to the call that ECS receives, at the
// wall's speed, while a thousand services report: npm run bench live
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type Stack, startStack } from '../../../infra/local/stack';
import { parseServiceArn, type ServiceArn } from '../../../state-machines/log/identifiers';
import { Fleet } from './fleet';
import { spreadOf, spreadText } from './spread';
import { atPace, TaskReports } from './task-reports';
import { throughputOf } from './throughput';
import { placeOf, Witness } from './witness';

const { values } = parseArgs({
  options: {
    services: { type: 'string', default: '1000' },
    rates: { type: 'string', default: '100,300,500' },
    seconds: { type: 'string', default: '80' },
  },
});
const size = Number(values.services);
const rates = values.rates.split(',').map(Number);
const seconds = Number(values.seconds);
/** At each rate: enough for 99 of 100 to mean something. */
const broken = Math.min(100, Math.floor(size / (2 * rates.length)));
const millisecondsAtMost = 1000;
const patienceMilliseconds = 10_000;
const policy = 'defaults: { mode: enforce, failureRule: percent, provenBy: completion, bakeSeconds: 1 }';

const witness = new Witness();
const stack = await startStack({ speed: 1, policy, onNotification: (envelope) => witness.hear(envelope) });
try {
  await bench(stack);
} finally {
  await stack.stop();
}

async function bench({ bus, dynamoDb }: Stack): Promise<void> {
  const fleet = new Fleet(stack, size);
  say(`${size} services are made`);
  await fleet.create();
  while (!fleet.isSteady) await delay(1000);
  await bus.drained();
  await delay(5000);
  const steady = witness.running.slice(broken * rates.length);
  const reports = new TaskReports(steady);
  say('notifications   sent    recorded after   called after     memory');
  for (const [index, rate] of rates.entries()) await measure(fleet, reports, { index, rate });
  const { ingest, raw } = await throughputOf(dynamoDb.endpoint, () =>
    Array.from({ length: 1000 }, () => reports.next()),
  );
  say(
    `ingest records ${ingest.toFixed(0)} a second, ${(ingest / raw).toFixed(2)} of ${raw.toFixed(0)} raw writes`,
  );
}

interface Load {
  readonly index: number;
  readonly rate: number;
}

async function measure(fleet: Fleet, reports: TaskReports, { index, rate }: Load): Promise<void> {
  const from = Date.now();
  const range = { from: index * broken, to: (index + 1) * broken };
  // A task starts, crashes and has its end told within half a minute.
  const deployed = fleet.breakSome(range, seconds - 50);
  await atPace({ perSecond: rate, seconds }, () => {
    const report = reports.next();
    witness.hear(report);
    stack.bus.put(report);
  });
  await deployed;
  await stack.bus.drained();
  const until = Date.now();
  await delay(patienceMilliseconds);
  const services = Array.from({ length: broken }, (_, at) => serviceArn(range.from + at));
  const calls = await Promise.all(services.map(millisecondsToCall));
  const recorded = await millisecondsToRecord({ from, until });
  const lostRollbacks = calls.filter((one) => one === null).length;
  const lostNotifications = recorded.filter((one) => one === null).length;
  const called = spreadOf(calls.filter((one) => one !== null));
  const megabytes = process.memoryUsage().rss / 2 ** 20;
  say(
    `${`${rate} a second`.padEnd(14)}${String(recorded.length).padStart(6)}    ` +
      `${spreadText(spreadOf(recorded.filter((one) => one !== null))).padEnd(17)}` +
      `${spreadText(called).padEnd(17)}${megabytes.toFixed(0)} MB`,
  );
  const lost = lostRollbacks + lostNotifications + stack.bus.deadLetters.length + stack.discarded.length;
  if (lost > 0) {
    say(`missing: ${lostNotifications} notifications, ${lostRollbacks} rollbacks`);
    say(`given up: ${stack.bus.deadLetters.length} notifications, ${stack.discarded.length} wake-ups`);
  }
  if (lost > 0 || !(called.almostAll <= millisecondsAtMost)) process.exitCode = 1;
}

/** From the notification that tipped the verdict; null where ECS was never called. */
async function millisecondsToCall(service: ServiceArn): Promise<number | null> {
  const calledAt = witness.calledAt(service);
  for await (const { event } of stack.eventLog.read(service, null)) {
    if (event.type !== 'VerdictReached' || event.verdict.result !== 'failed') continue;
    const position = `${event.verdict.at}#${event.verdict.eventId}`;
    const sentAt = witness.sent.get(`${service} ${position}`);
    return calledAt === undefined || sentAt === undefined ? null : calledAt - sentAt;
  }
  return null;
}

interface Span {
  readonly from: number;
  readonly until: number;
}

/** Of everything that was sent within a span; null for what is not in the log. */
async function millisecondsToRecord({ from, until }: Span): Promise<(number | null)[]> {
  const recordedAt = new Map<string, number>();
  for (let index = 0; index < size; index += 1) {
    for await (const { event, recordedAt: at } of stack.eventLog.read(serviceArn(index), null)) {
      recordedAt.set(placeOf(event), at);
    }
  }
  const sent = [...witness.sent].filter(([, at]) => at >= from && at <= until);
  return sent.map(([place, at]) => {
    const then = recordedAt.get(place);
    return then === undefined ? null : then - at;
  });
}

function serviceArn(index: number): ServiceArn {
  return parseServiceArn(`arn:aws:ecs:us-east-1:123456789012:service/prod/web-${index}`);
}

function say(line: string): void {
  process.stdout.write(`  ${line}\n`);
}
