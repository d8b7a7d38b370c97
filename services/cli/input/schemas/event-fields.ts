import * as z from 'zod';
import {
  parseDeploymentId,
  parseServiceArn,
  parseServiceDeploymentArn,
  parseTaskDefinitionArn,
} from '../../../../state-machines/log/identifiers';

// The fields that the schemas of several events share.
export const text = z.string();
export const instant = z.int().min(0);
export const textOrNull = text.nullable();
export const instantOrNull = instant.nullable();
export const deployment = parsedBy(parseDeploymentId);
export const nullableDeployment = deployment.nullable();
export const taskDefinition = parsedBy(parseTaskDefinitionArn);
export const nullableTaskDefinition = taskDefinition.nullable();

export const serviceDeployment = parsedBy(parseServiceDeploymentArn);

export const fact = { id: text.min(1), service: parsedBy(parseServiceArn), occurredAt: instant };
export const call = {
  ...fact,
  by: textOrNull,
  taskDefinition: nullableTaskDefinition,
  deployment: nullableDeployment,
  strategy: text.optional(),
};
export const decision = {
  ...fact,
  deployment,
  startedAt: instant,
  madeWith: z.looseObject({ reducerVersion: z.number(), policyVersion: text, eventsSeen: z.number() }),
  digest: text.optional(),
};

function parsedBy(parse: (text: string) => string) {
  return z.string().superRefine((value, context) => {
    try {
      parse(value);
    } catch (error) {
      context.addIssue({ code: 'custom', message: (error as Error).message });
    }
  });
}
