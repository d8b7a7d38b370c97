import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/**
 * What DynamoDB was asked for, and what it charged:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
 */
export interface DynamoDbWork {
  readonly requests: number;
  readonly readUnits: number;
  readonly writeUnits: number;
}

const noWork: DynamoDbWork = { requests: 0, readUnits: 0, writeUnits: 0 };

/** Adds up what a client's requests cost, from here on. */
export interface DynamoDbMeter {
  /** What has been added up since the last call. */
  take(): DynamoDbWork;
}

/**
 * Asks DynamoDB with each request of the client what it costs; a write whose condition fails costs
 * what it would have written.
 */
export function metered(client: DynamoDBClient): DynamoDbMeter {
  let work = noWork;
  const add = (isWrite: boolean, units: number) => {
    const { requests, readUnits, writeUnits } = work;
    work = {
      requests: requests + 1,
      readUnits: readUnits + (isWrite ? 0 : units),
      writeUnits: writeUnits + (isWrite ? units : 0),
    };
  };
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (given) => {
        const isWrite = commandName === 'PutItemCommand';
        try {
          const answer = await next({
            ...given,
            input: { ...given.input, ReturnConsumedCapacity: 'TOTAL' } as never,
          });
          add(isWrite, unitsIn(answer.output));
          return answer;
        } catch (error) {
          if ((error as Error).name === 'ConditionalCheckFailedException') add(isWrite, 1);
          throw error;
        }
      },
    { step: 'initialize', name: 'metered', override: true },
  );
  return {
    take() {
      const taken = work;
      work = noWork;
      return taken;
    },
  };
}

function unitsIn(output: object): number {
  return (output as { ConsumedCapacity?: { CapacityUnits?: number } }).ConsumedCapacity?.CapacityUnits ?? 0;
}
