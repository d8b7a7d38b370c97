import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import {
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  paginateQuery,
  QueryCommand,
  type QueryCommandInput,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import type { Item } from '../item-size';

export type Condition = Pick<
  ConstructorParameters<typeof PutCommand>[0],
  'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
>;
export type Query = Omit<QueryCommandInput, 'TableName'>;

interface TableAccess {
  readonly client: DynamoDBClient;
  readonly table: string;
  /** Items in a page of a query; as many as fit in DynamoDB's 1 MB if left out. */
  readonly pageSize?: number;
}

/** The things that the log does with its table. */
export class EventTable {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #pageSize: number | undefined;

  constructor({ client, table, pageSize }: TableAccess) {
    this.#client = DynamoDBDocumentClient.from(client);
    this.#table = table;
    this.#pageSize = pageSize;
  }

  /** False when the condition does not hold. */
  async put(item: Item, condition: Condition): Promise<boolean> {
    try {
      await this.#client.send(new PutCommand({ TableName: this.#table, Item: item, ...condition }));
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }

  /** Both or neither; false when the condition does not hold for the second. */
  async putWith(beside: Item, item: Item, condition: Condition): Promise<boolean> {
    const put = (one: Item) => ({ TableName: this.#table, Item: one });
    const items = [{ Put: put(beside) }, { Put: { ...put(item), ...condition } }];
    try {
      await this.#client.send(new TransactWriteCommand({ TransactItems: items }));
      return true;
    } catch (error) {
      const isRefused =
        error instanceof TransactionCanceledException &&
        error.CancellationReasons?.[1]?.Code === 'ConditionalCheckFailed';
      if (isRefused) return false;
      throw error;
    }
  }

  async get(key: Item): Promise<Item | undefined> {
    const { Item: item } = await this.#client.send(
      new GetCommand({ TableName: this.#table, Key: key, ConsistentRead: true }),
    );
    return item;
  }

  /** The first items of a query, as many as its limit says. */
  async first(query: Query): Promise<Item[]> {
    const { Items: items = [] } = await this.#client.send(
      new QueryCommand({ TableName: this.#table, ...query }),
    );
    return items;
  }

  async *query(query: Query): AsyncIterable<Item> {
    const pages = paginateQuery(
      { client: this.#client, ...(this.#pageSize === undefined ? {} : { pageSize: this.#pageSize }) },
      { TableName: this.#table, ...query },
    );
    for await (const page of pages) yield* page.Items ?? [];
  }
}
