import { describe, expect, it } from 'vitest';
import { redactSecrets } from '../../../../services/cli/terminal/redaction';

const secret = 'hunter2';
const notification = {
  'detail-type': 'ECS Task State Change',
  resources: ['arn:aws:ecs:eu-west-1:111122223333:task/prod/abc'],
  detail: {
    group: 'service:web',
    version: 3,
    stoppedReason: 'Essential container in task exited',
    tags: [{ key: 'team', value: secret }],
    containers: [{ name: 'app', exitCode: 1, reason: 'OutOfMemoryError' }],
    userIdentity: { arn: 'arn:aws:iam::111122223333:user/ada', accessKeyId: secret },
    requestParameters: { tags: { owner: secret }, cluster: 'prod' },
    overrides: {
      cpu: 256,
      containerOverrides: [
        {
          name: 'app',
          command: ['--password', secret],
          environment: [{ name: 'DB_PASSWORD', value: secret }],
          environmentFiles: [{ type: 's3', value: secret }],
        },
      ],
    },
    containerDefinitions: [{ name: 'app', environment: [{ name: 'TOKEN', value: secret }] }],
  },
};

describe('a notification without its secrets', () => {
  const kept = JSON.stringify(redactSecrets(notification));

  it('has no value of a variable, a command, a tag or an access key', () => {
    expect(kept).not.toContain(secret);
    for (const name of ['DB_PASSWORD', 'TOKEN', 'team', 'owner']) expect(kept).toContain(name);
  });

  it('has all that a rollout is judged by, and who did it', () => {
    for (const text of ['service:web', 'Essential container in task exited', 'OutOfMemoryError', 'user/ada'])
      expect(kept).toContain(text);
    expect(redactSecrets(notification)).toMatchObject({
      resources: notification.resources,
      detail: { version: 3, containers: notification.detail.containers, overrides: { cpu: 256 } },
    });
  });

  it('is left as it is where it has none', () => {
    const { overrides: _, tags: __, ...detail } = notification.detail;
    const harmless = { group: detail.group, version: detail.version, containers: detail.containers };
    expect(redactSecrets(harmless)).toEqual(harmless);
  });
});
