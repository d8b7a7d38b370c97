import { z } from 'zod';
import { addTags, read, tagsOf, write } from '../../api/operation';
import { EcsError } from '../../foundation/ecs-error';
import type { World } from '../../model/world';

const resource = { ResourceARN: z.string().min(1) };

/** The operations of Amazon CloudWatch on the tags of alarms. */
export const alarmTagOperations = {
  TagResource: write(
    z.looseObject({ ...resource, Tags: z.array(z.object({ Key: z.string().min(1), Value: z.string() })) }),
    ({ world, input: { ResourceARN: arn, Tags } }) => {
      requireAlarmArn(world, arn);
      addTags(
        world,
        arn,
        Tags.map(({ Key: key, Value: value }) => ({ key, value })),
      );
      return { output: {}, resource: arn };
    },
  ),

  UntagResource: write(
    z.looseObject({ ...resource, TagKeys: z.array(z.string()) }),
    ({ world, input: { ResourceARN: arn, TagKeys } }) => {
      requireAlarmArn(world, arn);
      for (const key of TagKeys) world.tags.get(arn)?.delete(key);
      return { output: {}, resource: arn };
    },
  ),

  ListTagsForResource: read(z.looseObject(resource), ({ world, input: { ResourceARN: arn } }) => {
    requireAlarmArn(world, arn);
    return { Tags: tagsOf(world, arn).map(({ key, value }) => ({ Key: key, Value: value })) };
  }),
};

function requireAlarmArn(world: World, arn: string): void {
  if (world.alarms.list().some((alarm) => alarm.arn === arn)) return;
  throw new EcsError('ResourceNotFoundException', 'The named resource does not exist.');
}
