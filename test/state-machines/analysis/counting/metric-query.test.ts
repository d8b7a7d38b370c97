import { expect, it } from 'vitest';
import { filledIn } from '../../../../state-machines/analysis/counting/metric-query';
import { instantFrom } from '../../../../state-machines/log/instant';
import { deploymentId } from '../../story';

const version = { taskDefinition: 'web:2', deployment: deploymentId(2), targetGroup: null };
const until = instantFrom(Date.UTC(2026, 0, 1));

it('fills in what a query leaves blank, written as its language wants it, and leaves all else', () => {
  const query = 'd={{ arm.deployment }}&r={{arm.revision}}&t={{window.until}}&{{other}}';
  expect(filledIn(query, { version, until })).toBe('d=ecs-svc/2&r=2&t=2026-01-01T00:00:00.000Z&{{other}}');
  expect(filledIn(query, { version, until, written: encodeURIComponent })).toBe(
    'd=ecs-svc%2F2&r=2&t=2026-01-01T00%3A00%3A00.000Z&{{other}}',
  );
});
