import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { itemOf } from '../../../../services/event-log/event-item';
import { itemBytes } from '../../../../services/event-log/item-size';
import { memoryEventLog } from '../../../../services/event-log/memory-event-log';
import { snapshotItemOf } from '../../../../services/event-log/snapshot';
import { MeasuredCanary } from './measured-canary';

const unitBytes = 1024;
const unitsOf = (bytes: number) => Math.ceil(bytes / unitBytes);

/** What a rollout of two tasks by LINEAR takes from its start to its pass. */
async function costOf(policy: string) {
  const stored = memoryEventLog();
  let writeUnits = 0;
  const canary = await MeasuredCanary.start({
    policy,
    log: {
      ...stored,
      append: async (recorded) => {
        writeUnits += unitsOf(itemBytes(itemOf(recorded)));
        return stored.append(recorded);
      },
      writeSnapshot: async (service, snapshot) => {
        writeUnits += unitsOf(itemBytes(snapshotItemOf(service, snapshot)));
        return stored.writeSnapshot(service, snapshot);
      },
    },
  });
  const [writesBefore, metricsBefore] = [writeUnits, canary.metricsAsked];
  await canary.deploy({}, 7200);
  const windows = canary.decisions('MeasurementTaken').length;
  const spent = {
    writeUnits: writeUnits - writesBefore,
    metrics: canary.metricsAsked - metricsBefore,
    windows,
  };
  await canary.pass(3600);
  return { ...spent, metricsAtRest: canary.metricsAsked - metricsBefore - spent.metrics };
}

it('a measured rollout costs what docs/scale.md says, and a service at rest is not asked for', async () => {
  const [measured, unmeasured] = [
    await costOf('defaults: { analysis: standard }'),
    await costOf('defaults: {}'),
  ];
  expect(unmeasured).toMatchObject({ metrics: 0, windows: 0 });
  expect(measured.metricsAtRest).toBe(0);
  const page = readFileSync(new URL('../../../../docs/scale.md', import.meta.url), 'utf8');
  const writeUnits = measured.writeUnits - unmeasured.writeUnits;
  const said = new RegExp(`${measured.windows} minutes to its pass: some (\\d+) write units more`).exec(page);
  // Snapshots grow and shrink by some bytes, and cost whole units.
  expect(Math.abs(writeUnits / Number(said?.[1]) - 1)).toBeLessThan(0.05);
  expect(page).toContain(`and ${measured.metrics} metrics asked of CloudWatch`);
}, 120_000);
