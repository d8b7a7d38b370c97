import { describe, expect, it } from 'vitest';
import { isModelledError, problemsInOutput } from './api-model';

describe('the check against the API model', () => {
  it('knows the operations and errors of the SDK', () => {
    expect(
      problemsInOutput('DescribeServices', { services: [{ serviceName: 'web', createdAt: 1.5 }] }),
    ).toEqual([]);
    expect(isModelledError('ServiceNotFoundException')).toBe(true);
    expect(isModelledError('Deployment')).toBe(false);
  });

  it('names an unknown field and a wrong type, however deep', () => {
    const output = { services: [{ deployments: [{ id: 1, colour: 'green' }], tags: [] }], nextToken: 'x' };
    expect(problemsInOutput('DescribeServices', output)).toEqual([
      'DescribeServices.services[0].deployments[0].id is 1, not a string',
      'DescribeServices.services[0].deployments[0].colour is not in the model',
      'DescribeServices.nextToken is not in the model',
    ]);
  });

  it('covers PutEvents of EventBridge too', () => {
    expect(problemsInOutput('PutEvents', { Entries: [{ EventId: 3 }] })).toHaveLength(1);
  });
});
