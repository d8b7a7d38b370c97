import { expect, it } from 'vitest';
import { memoryEventLog } from '../../../../services/event-log/memory-event-log';
import { createIngest } from '../../../../services/ingest/ingest';
import { probeStreamOf } from '../../../../services/notifications/own/probe';
import { translate } from '../../../../services/notifications/translate';
import { parsePolicyFile } from '../../../../services/policy/policy-file';
import type { Instant } from '../../../../state-machines/log/instant';

const probe = {
  version: '0',
  id: '6f1d8b0e-5b0a-4c7e-9a57-0d1f5f3c2b11',
  source: 'rewind.doctor',
  'detail-type': 'Rewind Probe',
  account: '123456789012',
  region: 'cn-north-1',
  time: '2026-11-20T14:00:00Z',
  resources: [],
  detail: {},
};

it('a probe stands in a stream that no service can have: ECS takes no dot in the name of a cluster', () => {
  const service = 'arn:aws-cn:ecs:cn-north-1:123456789012:service/rewind.doctor/probe';
  const event = { type: 'StackProbed', id: probe.id, service, occurredAt: Date.UTC(2026, 10, 20, 14) };
  expect(translate(probe)).toEqual({ kind: 'event', event });
  expect(probeStreamOf(probe)).toBe(service);
});

it('a probe is recorded whatever the policy manages', async () => {
  const policies = parsePolicyFile('manage: ["prod/*"]', 'policy');
  const ingest = createIngest({ eventLog: memoryEventLog(), policies, now: () => 0 as Instant });
  expect(await ingest(JSON.stringify(probe))).toEqual({ appended: 1, duplicates: 0 });
});

it('a probe of nowhere is refused', () => {
  expect(translate({ ...probe, account: null })).toMatchObject({ kind: 'invalid' });
});

it('what else comes from its source says nothing of a rollout', () => {
  expect(translate({ ...probe, 'detail-type': 'ECS Service Action' })).toMatchObject({ kind: 'ignored' });
});
