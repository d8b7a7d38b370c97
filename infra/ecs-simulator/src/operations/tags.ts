import { z } from 'zod';
import { addTags, read, tagsOf, tagsSchema, write } from '../api/operation';
import { EcsError } from '../foundation/ecs-error';
import { allServices } from '../model/cluster';
import { findTaskDefinition } from '../model/task-definition';
import type { World } from '../model/world';

export const tagOperations = {
  TagResource: write(z.looseObject({ resourceArn: z.string(), tags: tagsSchema }), ({ world, input }) => {
    requireResource(world, input.resourceArn);
    addTags(world, input.resourceArn, input.tags);
    return { output: {}, resource: input.resourceArn };
  }),

  UntagResource: write(
    z.looseObject({ resourceArn: z.string(), tagKeys: z.array(z.string()) }),
    ({ world, input }) => {
      requireResource(world, input.resourceArn);
      for (const key of input.tagKeys) world.tags.get(input.resourceArn)?.delete(key);
      return { output: {}, resource: input.resourceArn };
    },
  ),

  ListTagsForResource: read(z.looseObject({ resourceArn: z.string() }), ({ world, input }) => {
    requireResource(world, input.resourceArn);
    return { tags: tagsOf(world, input.resourceArn) };
  }),
};

/** Clusters, services and task definitions carry tags here. */
function requireResource(world: World, arn: string): void {
  if ([...world.clusters.values()].some((cluster) => cluster.arn === arn)) return;
  if ([...allServices(world)].some((service) => service.arn === arn)) return;
  if (arn.includes(':task-definition/') && findTaskDefinition(world, arn) !== null) return;
  throw new EcsError('ResourceNotFoundException', 'The specified resource was not found.');
}
