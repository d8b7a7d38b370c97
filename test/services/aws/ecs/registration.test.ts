import {
  type ECSClient,
  RegisterTaskDefinitionCommand,
  RegisterTaskDefinitionRequest$,
  TaskDefinition$,
} from '@aws-sdk/client-ecs';
import { describe, expect, it } from 'vitest';
import { EcsSimulator, SteppedClock } from '../../../../infra/ecs-simulator/src/ecs-simulator';
import { inProcessClients } from '../../../../infra/local/in-process-clients';
import {
  describeRevision,
  differingMembers,
  type Registration,
  registerRevision,
} from '../../../../services/aws/ecs/registration';
import { instantFrom } from '../../../../state-machines/log/instant';
import { sampleOf } from '../../../infra/ecs-simulator/api-model';

function simulatedEcs() {
  const clock = new SteppedClock(instantFrom(Date.UTC(2026, 0, 1)));
  const simulator = new EcsSimulator({ clock, seed: 1, emit: () => {} });
  const clientOf = () => inProcessClients(simulator, 'operator').ecs;
  return { simulator, clientOf };
}

const registration: Registration = {
  family: 'web',
  containerDefinitions: [{ name: 'app', image: 'shop/web:1' }],
  volumes: [],
  placementConstraints: [],
};

/** What ECS itself adds to a task definition: nobody may give it. */
const ofEcs = [
  'compatibilities',
  'deleteRequestedAt',
  'deregisteredAt',
  'registeredAt',
  'registeredBy',
  'requiresAttributes',
  'revision',
  'status',
  'taskDefinitionArn',
];

/** A client that loses, on the wire, a member that it sends, or the first answer that it hears. */
function lossy(client: ECSClient, lost: { readonly member?: string; readonly isDeaf?: true }): ECSClient {
  let isDeaf = lost.isDeaf === true;
  const send = async (command: RegisterTaskDefinitionCommand) => {
    const kept = Object.entries(command.input).filter(([member]) => member !== lost.member);
    const input: unknown = Object.fromEntries(kept);
    const answer = await client.send(new RegisterTaskDefinitionCommand(input as Registration));
    if (!isDeaf) return answer;
    isDeaf = false;
    throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
  };
  return Object.assign(Object.create(client), { send });
}

describe('a copy of a task definition', () => {
  it('R105 has every member that the SDK can register, and none that is ECS’s own', async () => {
    const { clientOf } = simulatedEcs();
    const members = (schema: typeof TaskDefinition$) => new Set(schema[4] as readonly string[]);
    const registered = members(RegisterTaskDefinitionRequest$);
    const described = members(TaskDefinition$);
    expect([...described].filter((member) => !registered.has(member)).sort()).toEqual(ofEcs);

    const sample = sampleOf('RegisterTaskDefinitionRequest') as Registration;
    const [container] = sample.containerDefinitions ?? [];
    const known = { ...container, versionConsistency: 'enabled' } as const;
    const given = { ...sample, family: 'web', containerDefinitions: [known] };
    const client = clientOf();
    const arn = await registerRevision({ client, once: clientOf() }, given);
    const copied = (await describeRevision(client, arn)).registration;
    expect(differingMembers(given, copied)).toEqual([]);
    const other = {
      ...copied,
      containerDefinitions: [{ ...copied.containerDefinitions?.[0], image: 'other' }],
    };
    expect(differingMembers(given, other)).toEqual(['containerDefinitions.0.image']);
  });

  it('R106 is refused where ECS registered something else than it was given', async () => {
    const { clientOf } = simulatedEcs();
    const once = lossy(clientOf(), { member: 'taskRoleArn' });
    const given = { ...registration, taskRoleArn: 'arn:aws:iam::123456789012:role/web' };
    await expect(registerRevision({ client: clientOf(), once }, given)).rejects.toMatchObject({
      name: 'RegistrationDiffersError',
      members: ['taskRoleArn'],
    });
  });

  it('R107 is registered once, also where the answer of ECS is lost', async () => {
    const { simulator, clientOf } = simulatedEcs();
    const once = lossy(clientOf(), { isDeaf: true });
    const arn = await registerRevision({ client: clientOf(), once }, registration);
    expect(arn).toMatch(/task-definition\/web:1$/);
    expect(simulator.calls.effective('RegisterTaskDefinition')).toHaveLength(1);
  });

  it('is registered once where ECS throttles the first call, and given up where it goes on to', async () => {
    const { simulator, clientOf } = simulatedEcs();
    const throttled = {
      operation: 'RegisterTaskDefinition',
      error: 'ThrottlingException',
      message: 'Rate exceeded',
    } as const;
    simulator.faults.fail({ ...throttled, times: 1 });
    const arn = await registerRevision({ client: clientOf(), once: clientOf() }, registration);
    expect(arn).toMatch(/task-definition\/web:1$/);
    expect(simulator.calls.effective('RegisterTaskDefinition')).toHaveLength(1);

    simulator.faults.fail(throttled);
    const other = { ...registration, cpu: '512' };
    const given = registerRevision({ client: clientOf(), once: clientOf() }, other);
    await expect(given).rejects.toMatchObject({ name: 'ThrottlingException' });
    expect(simulator.calls.effective('RegisterTaskDefinition')).toHaveLength(1);
  });
});
