import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { awsTableStream, type TableStream } from '../../aws/table-stream';

/** The stream of the table. */
export function tableStreamOf(): TableStream {
  return awsTableStream(new DynamoDBStreamsClient({}));
}
