import { describe, expect, it } from 'vitest';
import { key, type PackagedStack, type PackagedStacks, propertiesOf, resourcesOf } from './packaged-stack';

/** What holds of the resources that are deployed; the stacks are there when the tests run. */
export function describeResources(stacks: PackagedStacks): void {
  describe('the deployed table', () => {
    it('is paid by request, can be restored, is encrypted, streams its keys and outlives the stack', () => {
      expect(stacks.plain.template.Resources.EventLogTable).toMatchObject({
        DeletionPolicy: 'Retain',
        UpdateReplacePolicy: 'Retain',
        Properties: {
          BillingMode: 'PAY_PER_REQUEST',
          DeletionProtectionEnabled: true,
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
          SSESpecification: { SSEEnabled: true },
          StreamSpecification: { StreamViewType: 'KEYS_ONLY' },
          TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
        },
      });
    });

    it('uses a key of one’s own where it is told to', () => {
      const { SSESpecification } = propertiesOf(stacks.full, 'EventLogTable');
      expect(SSESpecification).toEqual({ SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: key });
    });
  });

  describe('the deployed queues', () => {
    it('are encrypted, keep messages for two weeks, and each that is read has a dead-letter queue', () => {
      const queues = resourcesOf(stacks.plain, 'AWS::SQS::Queue');
      expect(queues.map(([name]) => name).sort()).toEqual([
        'AnnouncementDeadLetterQueue',
        'NotificationDeadLetterQueue',
        'NotificationQueue',
        'WakeUpDeadLetterQueue',
      ]);
      for (const [, { Properties }] of queues) {
        expect(Properties).toMatchObject({ SqsManagedSseEnabled: true, MessageRetentionPeriod: 1_209_600 });
      }
      expect(propertiesOf(stacks.plain, 'NotificationQueue').RedrivePolicy).toEqual({
        deadLetterTargetArn: { 'Fn::GetAtt': ['NotificationDeadLetterQueue', 'Arn'] },
        maxReceiveCount: 5,
      });
    });

    it('use a key of one’s own for what is on its way, and never for what could not be delivered', () => {
      for (const [name, { Properties }] of resourcesOf(stacks.full, 'AWS::SQS::Queue')) {
        const isDeadLetterQueue = name.endsWith('DeadLetterQueue');
        expect(Properties.SqsManagedSseEnabled).toBe(isDeadLetterQueue);
        expect(Properties.KmsMasterKeyId).toEqual(isDeadLetterQueue ? undefined : key);
      }
    });

    it('refuse whoever comes without TLS, each in the one policy that it has', () => {
      const policies = resourcesOf(stacks.plain, 'AWS::SQS::QueuePolicy');
      const queues = policies.flatMap(([, { Properties }]) =>
        Properties.Queues.map(({ Ref }: { Ref: string }) => Ref),
      );
      expect(queues.sort()).toEqual(
        resourcesOf(stacks.plain, 'AWS::SQS::Queue')
          .map(([name]) => name)
          .sort(),
      );
      for (const [, { Properties }] of policies) {
        expect(Properties.PolicyDocument.Statement.at(-1)).toEqual({
          Effect: 'Deny',
          Principal: '*',
          Action: 'sqs:*',
          Resource: Properties.Queues.map(({ Ref }: { Ref: string }) => ({ 'Fn::GetAtt': [Ref, 'Arn'] })),
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        });
      }
    });

    it('stand behind every rule, which keeps there what it could not deliver', () => {
      const rules = resourcesOf(stacks.plain, 'AWS::Events::Rule');
      // The others are those that osls makes of schedules and of the guard's event.
      const own = rules.filter(([, { Properties }]) => Properties.Targets[0]?.Id === 'ingest');
      expect(own.length).toBeGreaterThanOrEqual(5);
      for (const [, { Properties }] of own) {
        expect(Properties.Targets).toEqual([
          {
            Id: 'ingest',
            Arn: { 'Fn::GetAtt': ['NotificationQueue', 'Arn'] },
            DeadLetterConfig: { Arn: { 'Fn::GetAtt': ['NotificationDeadLetterQueue', 'Arn'] } },
          },
        ]);
      }
      const [statement] = propertiesOf(stacks.plain, 'NotificationQueuePolicy').PolicyDocument.Statement;
      const sources = statement.Condition.ArnEquals['aws:SourceArn'];
      expect(sources).toEqual(own.map(([name]) => ({ 'Fn::GetAtt': [name, 'Arn'] })));
    });
  });

  describe('the deployed streams', () => {
    const mappingOf = (name: string) =>
      Object.values(stacks.plain.template.Resources).find(
        ({ Type, Properties }) =>
          Type === 'AWS::Lambda::EventSourceMapping' &&
          Properties.FunctionName['Fn::GetAtt'][0] === `${name}LambdaFunction`,
      )?.Properties;

    it('wake the reconciler in bursts, side by side but a service at a time, and keep what it gives up', () => {
      expect(mappingOf('Reconciler')).toMatchObject({
        EventSourceArn: { 'Fn::GetAtt': ['EventLogTable', 'StreamArn'] },
        BatchSize: 100,
        MaximumBatchingWindowInSeconds: 1,
        BisectBatchOnFunctionError: true,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        MaximumRetryAttempts: 5,
        MaximumRecordAgeInSeconds: 3600,
        ParallelizationFactor: 4,
        DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['WakeUpDeadLetterQueue', 'Arn'] } } },
      });
    });

    it('keep the order of what the announcer tells, and what could not be told', () => {
      const mapping = mappingOf('Announcer');
      expect(mapping.ParallelizationFactor).toBeUndefined();
      expect(mapping).toMatchObject({
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        MaximumRetryAttempts: 10,
        DestinationConfig: {
          OnFailure: { Destination: { 'Fn::GetAtt': ['AnnouncementDeadLetterQueue', 'Arn'] } },
        },
      });
    });

    it('fail single messages of the queue, not its batches', () => {
      expect(mappingOf('Ingest')).toMatchObject({
        BatchSize: 10,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        // A burst leaves concurrency to the other functions of the account.
        ScalingConfig: { MaximumConcurrency: 20 },
      });
    });
  });

  describe('the deployed functions', () => {
    it('run on Node 22 or newer and arm64, outside of any VPC and untraced, and each keeps its log for so long', () => {
      for (const [, { Properties }] of resourcesOf(stacks.plain, 'AWS::Lambda::Function')) {
        expect(Number(/^nodejs(\d+)\.x$/.exec(Properties.Runtime)?.[1])).toBeGreaterThanOrEqual(22);
        expect(Properties.Architectures).toEqual(['arm64']);
        expect(Properties.VpcConfig).toEqual({ SubnetIds: [], SecurityGroupIds: [] });
        expect(Properties.TracingConfig).toBeUndefined();
      }
      const retention = (stack: PackagedStack) =>
        resourcesOf(stack, 'AWS::Logs::LogGroup').map(([, { Properties }]) => Properties.RetentionInDays);
      expect(new Set(retention(stacks.plain))).toEqual(new Set([30]));
      expect(new Set(retention(stacks.full))).toEqual(new Set([7]));
      expect(retention(stacks.plain)).toHaveLength(resourcesOf(stacks.plain, 'AWS::Lambda::Function').length);
    });

    it('run in a VPC and are traced where that is asked, and may then do what that takes', () => {
      for (const [, { Properties }] of resourcesOf(stacks.full, 'AWS::Lambda::Function')) {
        expect(Properties.VpcConfig).toEqual({
          SubnetIds: ['subnet-11111111', 'subnet-22222222'],
          SecurityGroupIds: ['sg-11111111'],
        });
        expect(Properties.TracingConfig).toEqual({ Mode: 'Active' });
      }
      const roles = resourcesOf(stacks.full, 'AWS::IAM::Role');
      expect(roles).toHaveLength(resourcesOf(stacks.full, 'AWS::Lambda::Function').length);
      for (const [, { Properties }] of roles) expect(Properties.ManagedPolicyArns).toHaveLength(1);
      for (const policy of ['UsingTheKey', 'Tracing']) {
        const attached = propertiesOf(stacks.full, policy).Roles.map(({ Ref }: { Ref: string }) => Ref);
        expect(attached.sort()).toEqual(roles.map(([name]) => name).sort());
        expect(propertiesOf(stacks.plain, policy)).toBeUndefined();
      }
    });
  });

  describe('the archive', () => {
    it('keeps what Rewind reads and nothing else, if it is turned on', () => {
      expect(resourcesOf(stacks.plain, 'AWS::Events::Archive')).toEqual([]);
      const [[, archive] = []] = resourcesOf(stacks.full, 'AWS::Events::Archive');
      const patterns = resourcesOf(stacks.full, 'AWS::Events::Rule')
        .filter(([name, { Properties }]) => Properties.Targets[0]?.Id === 'ingest' && name !== 'ProbeRule')
        .map(([, { Properties }]) => Properties.EventPattern);
      expect(archive?.Properties.EventPattern).toEqual({ $or: patterns });
      expect(archive?.Properties.RetentionDays).toBe(90);
    });
  });

  describe('the bus', () => {
    it('lets nobody but announcers speak as Rewind', () => {
      const { Statement } = propertiesOf(stacks.plain, 'OnlyRewindSpeaks');
      const role = { 'Fn::Sub': expect.stringMatching(/:role\/rewind-\*-AnnouncerRole-\*$/) };
      expect(Statement).toMatchObject({
        Effect: 'Deny',
        Principal: '*',
        Action: 'events:PutEvents',
        Condition: { StringEquals: { 'events:source': 'rewind' }, ArnNotLike: { 'aws:PrincipalArn': role } },
      });
    });
  });

  describe('the topics', () => {
    it('tell by e-mail those who are named', () => {
      const addresses = (stack: PackagedStack) =>
        resourcesOf(stack, 'AWS::SNS::Topic').map(([name, { Properties }]) => [
          name,
          Properties.Subscription.map(({ Endpoint }: { Endpoint: string }) => Endpoint),
        ]);
      expect(Object.fromEntries(addresses(stacks.plain))).toEqual({ AlarmTopic: [], AnnouncementTopic: [] });
      expect(Object.fromEntries(addresses(stacks.full))).toEqual({
        AlarmTopic: ['alarms@example.com'],
        AnnouncementTopic: ['team@example.com'],
      });
    });
  });
}
