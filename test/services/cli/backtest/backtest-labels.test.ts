import { describe, expect, it } from 'vitest';
import { parseLabels } from '../../../../services/cli/backtest/backtest-labels';

describe('a file of labels', () => {
  const service = 'arn:aws:ecs:eu-west-1:123456789012:service/prod/web';

  it('is CSV or JSON', () => {
    const expected = [{ service, deployment: 'ecs-svc/1', truth: 'bad' }];
    expect(parseLabels(`service,deployment,label\n\n${service}, ecs-svc/1 ,bad\r\n`, 'labels')).toMatchObject(
      expected,
    );
    expect(
      parseLabels(JSON.stringify([{ service, deployment: 'ecs-svc/1', label: 'bad' }]), 'labels'),
    ).toMatchObject(expected);
  });

  it.each([
    [
      `${service},ecs-svc/1,good\n${service},ecs-svc/2,poor`,
      'labels, line 2: the label is "poor", and must be good or bad',
    ],
    [`${service},ecs-svc/1`, 'labels, line 1: a label is service,deployment,good|bad'],
    ['web,ecs-svc/1,good', 'labels, line 1: "web" is not the ARN of an ECS service'],
    [`${service},1,good`, 'labels, line 1: "1" is not a deployment id'],
    [
      `[\n{"service":"${service}","deployment":"ecs-svc/1","label":"good"},\n{"service":1}]`,
      'labels, line 3: [1].service',
    ],
    ['[{', 'labels, line 1: this is neither CSV nor JSON'],
  ])('that is wrong is refused in a sentence that names its line', (text, sentence) => {
    expect(() => parseLabels(text, 'labels')).toThrow(sentence);
  });
});
