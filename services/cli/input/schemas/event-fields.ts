import * as z from 'zod/mini';
import {
  parseDeploymentId,
  parseServiceArn,
  parseServiceDeploymentArn,
  parseTaskDefinitionArn,
} from '../../../../state-machines/log/identifiers';

// The fields that the schemas of several events share.
export const text = z.string();
export const instant = z.int().check(z.minimum(0));
export const textOrNull = z.nullable(text);
export const instantOrNull = z.nullable(instant);
export const deployment = parsedBy(parseDeploymentId);
export const nullableDeployment = z.nullable(deployment);
export const taskDefinition = parsedBy(parseTaskDefinitionArn);
export const nullableTaskDefinition = z.nullable(taskDefinition);

export const serviceDeployment = parsedBy(parseServiceDeploymentArn);

export const fact = {
  id: text.check(z.minLength(1)),
  service: parsedBy(parseServiceArn),
  occurredAt: instant,
};
export const call = {
  ...fact,
  by: textOrNull,
  taskDefinition: nullableTaskDefinition,
  deployment: nullableDeployment,
  strategy: z.optional(text),
};
export const decision = {
  ...fact,
  deployment,
  startedAt: instant,
  madeWith: z.looseObject({ reducerVersion: z.number(), policyVersion: text, eventsSeen: z.number() }),
  digest: z.optional(text),
};

function parsedBy(parse: (text: string) => string) {
  return z.string().check(
    z.superRefine((value, context) => {
      try {
        parse(value);
      } catch (error) {
        context.addIssue({ code: 'custom', message: (error as Error).message });
      }
    }),
  );
}
