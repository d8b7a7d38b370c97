import { z } from 'zod';
import { read, write } from '../api/operation';
import { EcsError } from '../foundation/ecs-error';

/** As much of the parameter store of AWS Systems Manager as a switch needs. */
export const parameterOperations = {
  PutParameter: write(
    z.looseObject({ Name: z.string().min(1), Value: z.string().min(1), Overwrite: z.boolean().optional() }),
    ({ world, input }) => {
      world.parameters.set(input.Name, input.Value);
      return { output: { Version: 1, Tier: 'Standard' } };
    },
  ),

  GetParameter: read(z.looseObject({ Name: z.string().min(1) }), ({ world, input }) => {
    const value = world.parameters.get(input.Name);
    if (value === undefined) throw new EcsError('ParameterNotFound', `Parameter ${input.Name} not found.`);
    return { Parameter: { Name: input.Name, Type: 'String', Value: value, Version: 1 } };
  }),
};
