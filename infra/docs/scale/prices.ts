/** A price in US dollars of one unit, and AWS's page that says so. */
interface Price {
  readonly dollars: number;
  readonly unit: string;
  readonly page: string;
}

const million = 1_000_000;

function price(dollars: number, unit: string, page: string): Price {
  return { dollars, unit, page };
}

const dynamoDb = 'https://aws.amazon.com/dynamodb/pricing/on-demand/';
const lambda = 'https://aws.amazon.com/lambda/pricing/';
const eventBridge = 'https://aws.amazon.com/eventbridge/pricing/';
const cloudWatch = 'https://aws.amazon.com/cloudwatch/pricing/';
const sns = 'https://aws.amazon.com/sns/pricing/';

/** In us-east-1, as looked up in November 2026; free tiers and discounts are left out. */
export const prices = {
  writeUnit: price(0.625 / million, 'write request unit', dynamoDb),
  readUnit: price(0.125 / million, 'read request unit', dynamoDb),
  tableGigabyteMonth: price(0.25, 'GB of table a month', dynamoDb),
  recoveryGigabyteMonth: price(0.2, 'GB of point-in-time recovery a month', dynamoDb),
  invocation: price(0.2 / million, 'Lambda request', lambda),
  gigabyteSecond: price(0.0000133334, 'GB-second of Lambda on arm64', lambda),
  queueRequest: price(0.4 / million, 'request to a standard queue', 'https://aws.amazon.com/sqs/pricing/'),
  busEvent: price(1 / million, 'custom event on a bus', eventBridge),
  archivedGigabyte: price(0.1, 'GB put into an archive', eventBridge),
  archiveGigabyteMonth: price(0.023, 'GB of archive a month', eventBridge),
  logGigabyte: price(0.5, 'GB of logs taken in', cloudWatch),
  logGigabyteMonth: price(0.03, 'GB of logs a month', cloudWatch),
  metric: price(0.3, 'custom metric a month', cloudWatch),
  alarm: price(0.1, 'alarm a month', cloudWatch),
  dashboard: price(3, 'dashboard a month', cloudWatch),
  publish: price(0.5 / million, 'message to a topic', sns),
  email: price(2 / 100_000, 'e-mail of a topic', sns),
  parameter: price(0, 'standard parameter', 'https://aws.amazon.com/systems-manager/pricing/'),
} as const satisfies { readonly [name: string]: Price };
