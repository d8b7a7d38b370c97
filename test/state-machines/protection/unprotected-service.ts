import { parseServiceArn } from '../../../state-machines/log/identifiers';
import type { ObservedProtection } from '../../../state-machines/protection/observed-protection';

/** A service of which nothing is set, and that has nothing beside its tasks. */
export const unprotectedService: ObservedProtection = {
  service: parseServiceArn('arn:aws:ecs:eu-west-1:111122223333:service/prod/web'),
  controller: 'ECS',
  configuration: {},
  rollout: null,
  loadBalancers: [],
  hasOtherTraffic: false,
  targetGroups: [],
  owner: null,
  alarms: new Map(),
};
