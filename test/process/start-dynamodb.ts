import { startDynamoDb } from '../../infra/local/aws/dynamodb/dynamodb';

// A program of its own for the test to kill: it starts DynamoDB Local, says where, and stays.
const { endpoint } = await startDynamoDb();
process.stdout.write(`${endpoint}\n`);
if (process.argv.includes('--exit')) process.exit(3);
setInterval(() => {}, 60_000);
