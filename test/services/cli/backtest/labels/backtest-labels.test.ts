import { describe, expect, it } from 'vitest';
import { parseLabels } from '../../../../../services/cli/backtest/labels/backtest-labels';
import { csvLine, csvRows } from '../../../../../services/cli/backtest/labels/label-csv';

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

  it('is CSV as a spreadsheet leaves it: any columns, quotes, rows that say nothing', () => {
    const heads = '\uFEFFservice,note,deployment,started,label\r\n';
    const rows = [
      `${service},"a ""b"", c\nd",ecs-svc/1,2026-01-01T00:00:00.000Z,bad`,
      `${service},,ecs-svc/2,,`,
      `${service},,ecs-svc/3,,good`,
    ];
    expect(parseLabels(heads + rows.join('\r\n'), 'labels')).toMatchObject([
      { deployment: 'ecs-svc/1', startedAt: Date.UTC(2026, 0), truth: 'bad', place: 'labels, line 2' },
      { deployment: 'ecs-svc/3', startedAt: null, truth: 'good', place: 'labels, line 5' },
    ]);
  });

  it('holds no formula and no line of its own where ECS tells of one', () => {
    const told = ['=HYPERLINK("http://x")', 'a\nb,"c"', '-1', '\u001b[31mred', 'plain'];
    const line = csvLine(told);
    expect(line).toBe(`"'=HYPERLINK(""http://x"")","a b,""c""",'-1,[31mred,plain\n`);
    expect(csvRows(line)).toEqual([
      { line: 1, cells: [`'=HYPERLINK("http://x")`, 'a b,"c"', `'-1`, '[31mred', 'plain'] },
    ]);
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
    [`"${service},ecs-svc/1,good`, 'labels: a quote in this file is not closed'],
    [`${service},ecs-svc/1,soon,good`, 'labels, line 1: a label is service,deployment,good|bad'],
    [`service,deployment,started,label\n${service},ecs-svc/1,soon,good`, 'labels, line 2: "soon"'],
    ['[{', 'labels, line 1: this is neither CSV nor JSON'],
  ])('that is wrong is refused in a sentence that names its line', (text, sentence) => {
    expect(() => parseLabels(text, 'labels')).toThrow(sentence);
  });
});
