import { z } from 'zod';
import { read, write } from '../api/operation';
import { EcsError } from '../foundation/ecs-error';
import { allServices } from '../model/cluster';
import type { Service } from '../model/service';
import type { World } from '../model/world';
import { productionRuleOf, sharesOf } from '../service-metrics/traffic-shares';

const forwardSchema = z.looseObject({
  Type: z.literal('forward'),
  ForwardConfig: z.looseObject({
    TargetGroups: z
      .array(
        z.looseObject({
          TargetGroupArn: z.string(),
          Weight: z.coerce.number().int().min(0).max(999).default(1),
        }),
      )
      .min(1)
      .max(5),
    TargetGroupStickinessConfig: z
      .looseObject({
        Enabled: z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]),
        DurationSeconds: z.coerce.number().int().min(1).max(604_800).optional(),
      })
      .optional(),
  }),
});

/** The listener rules by which ECS shifts traffic: those that services name. */
export const listenerRuleOperations = {
  /** What somebody sets stands until ECS shifts traffic the next time. */
  ModifyRule: write(
    z.looseObject({ RuleArn: z.string(), Actions: z.array(forwardSchema).length(1) }),
    ({ world, input: { RuleArn, Actions } }) => {
      const service = requireServiceOf(world, RuleArn);
      for (const { ForwardConfig } of Actions) {
        const weights = ForwardConfig.TargetGroups;
        const all = weights.reduce((sum, { Weight }) => sum + Weight, 0);
        const sticky = ForwardConfig.TargetGroupStickinessConfig;
        world.loadBalancing.rules.set(RuleArn, {
          shares: new Map(weights.map(({ TargetGroupArn, Weight }) => [TargetGroupArn, Weight / (all || 1)])),
          instead: sharesOf(service, null),
          stickySeconds: sticky?.Enabled === true ? (sticky.DurationSeconds ?? 3600) : null,
        });
      }
      return { output: { Rules: [ruleView(world, service, RuleArn)] }, resource: RuleArn };
    },
  ),

  DescribeRules: read(z.looseObject({ RuleArns: z.array(z.string()).min(1) }), ({ world, input }) => ({
    Rules: input.RuleArns.map((arn) => ruleView(world, requireServiceOf(world, arn), arn)),
  })),
};

function requireServiceOf(world: World, rule: string): Service {
  const service = [...allServices(world)].find((one) => productionRuleOf(one) === rule);
  if (service === undefined) throw new EcsError('RuleNotFoundException', 'One or more rules not found');
  return service;
}

function ruleView(world: World, service: Service, RuleArn: string) {
  const rule = world.loadBalancing.rules.get(RuleArn) ?? null;
  const TargetGroups = [...sharesOf(service, rule)].map(([TargetGroupArn, share]) => ({
    TargetGroupArn,
    Weight: Math.round(share * 100),
  }));
  const { stickySeconds = null } = rule ?? {};
  const TargetGroupStickinessConfig =
    stickySeconds === null ? { Enabled: false } : { Enabled: true, DurationSeconds: stickySeconds };
  const ForwardConfig = { TargetGroups, TargetGroupStickinessConfig };
  return { RuleArn, IsDefault: false, Actions: [{ Type: 'forward', ForwardConfig }] };
}
