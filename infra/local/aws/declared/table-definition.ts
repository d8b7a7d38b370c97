import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { readCloudFormation } from './cloudformation';

type TableProperties = Required<
  Pick<
    CreateTableCommandInput,
    'BillingMode' | 'AttributeDefinitions' | 'KeySchema' | 'GlobalSecondaryIndexes' | 'StreamSpecification'
  >
>;

/**
 * The call that creates the table which infra/table.yml deploys. Backups and encryption are left
 * out: DynamoDB Local has none. CloudFormation turns the stream on by naming its view; the API
 * wants that said.
 */
export function eventLogTable(tableName: string): CreateTableCommandInput {
  const { Resources } = readCloudFormation<{
    Resources: { EventLogTable: { Properties: TableProperties } };
  }>('infra/table.yml');
  const properties = Resources.EventLogTable.Properties;
  return {
    TableName: tableName,
    BillingMode: properties.BillingMode,
    AttributeDefinitions: properties.AttributeDefinitions,
    KeySchema: properties.KeySchema,
    GlobalSecondaryIndexes: properties.GlobalSecondaryIndexes,
    StreamSpecification: { ...properties.StreamSpecification, StreamEnabled: true },
  };
}
