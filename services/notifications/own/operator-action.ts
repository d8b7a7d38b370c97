import * as z from 'zod/mini';
import { partsOfService, type ServiceArn } from '../../../state-machines/log/identifiers';
import type { OperatorActed } from '../../../state-machines/log/observed-events';
import {
  freezeScopes,
  operatorActions,
  reasonLengthAtMost,
} from '../../../state-machines/log/operator/operator-act';
import { deploymentOrNull, taskDefinitionOrNull } from '../deployment-text';
import { type Envelope, eventIdOf, parseDetail } from '../envelope';
import { occurredAt, optionalInstant } from '../occurred-at';
import { InvalidNotificationError } from '../parse-part';
import { optionalText } from '../plain-fields';
import { serviceFrom } from '../service-identity';
import type { Translation } from '../translation';

/** The source of what `rewind` puts on the bus before it acts, which its own rule lets through. */
export const operatorSource = 'rewind.operator';
export const operatorDetailType = 'Rewind Operator Action';

const shortText = z.string().check(z.maxLength(300));

/** The detail of an operator's action, as it stands on the bus. */
const detailSchema = z.object({
  action: z.enum(operatorActions),
  service: z.string(),
  by: z.nullish(z.string().check(z.maxLength(2048))),
  reason: z.nullish(z.string().check(z.maxLength(reasonLengthAtMost))),
  claims: z.nullish(
    z.object({ actor: z.optional(shortText), run: z.optional(shortText), url: z.optional(shortText) }),
  ),
  deployment: optionalText,
  taskDefinition: optionalText,
  target: optionalText,
  isLeftAsBad: z.nullish(z.literal(true)),
  commit: z.nullish(z.object({ sha: shortText, subject: z.nullable(shortText) })),
  freezes: z.nullish(z.enum(freezeScopes)),
  skipsBake: z.nullish(z.literal(true)),
  test: z.nullish(shortText),
  testResult: z.nullish(z.enum(['passed', 'failed'])),
  until: optionalText,
});
export type OperatorActionDetail = z.input<typeof detailSchema>;

/**
 * Translates *Rewind Operator Action*. Anybody whom IAM lets put events of this source may say it:
 * so it counts only for services of the account that put it on the bus.
 */
export function translateOperatorAction(envelope: Envelope): Translation {
  const detail = parseDetail(envelope, detailSchema);
  const { action, commit, claims, freezes, isLeftAsBad, skipsBake, test, testResult } = detail;
  const event: OperatorActed = {
    type: 'OperatorActed',
    id: eventIdOf(envelope),
    service: serviceOfSender(envelope, detail.service),
    occurredAt: occurredAt(envelope, 'time', null),
    action,
    by: detail.by ?? null,
    reason: detail.reason ?? null,
    ...present({
      claims: claims && present(claims),
      deployment: deploymentOrNull(detail.deployment),
      taskDefinition: taskDefinitionOrNull(detail.taskDefinition),
      target: taskDefinitionOrNull(detail.target),
      isLeftAsBad,
      commit,
      freezes,
      skipsBake,
      test,
      testResult,
      until: optionalInstant(detail.until),
    }),
  };
  return { kind: 'event', event };
}

function serviceOfSender({ account, region }: Envelope, arn: string): ServiceArn {
  const service = serviceFrom('detail.service', arn);
  const parts = partsOfService(service);
  if (parts.account === account && parts.region === region) return service;
  throw new InvalidNotificationError(
    `detail.service is of ${parts.account} in ${parts.region}, and the event of ${account} in ${region}`,
  );
}

type Present<Fields> = { readonly [field in keyof Fields]?: NonNullable<Fields[field]> };

function present<Fields extends object>(fields: Fields): Present<Fields> {
  const told = Object.entries(fields).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(told) as Present<Fields>;
}
