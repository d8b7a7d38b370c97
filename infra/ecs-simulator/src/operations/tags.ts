import { z } from 'zod';
import { allServices } from '../cluster';
import { EcsError } from '../ecs-error';
import { findTaskDefinition } from '../task-definition';
import type { World } from '../world';
import { addTags, read, tagsOf, tagsSchema, write } from './operation';

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
