import { describe, expect, it } from 'vitest';
import { parsePolicyFile } from '../../../services/policy/policy-file';
import { withTags } from '../../../services/policy/policy-tags';
import { parseServiceArn } from '../../../state-machines/log/identifiers';
import { standardAnalysis } from '../../../state-machines/log/measuring/analysis-policy';
import { defaultPolicy, policyVersion } from '../../../state-machines/log/policy';

const service = parseServiceArn('arn:aws:ecs:us-east-1:123456789012:service/prod/web');
const parsed = (analysis: unknown) =>
  parsePolicyFile(JSON.stringify({ defaults: { analysis } }), 'policy.yml');
const analysisOf = (analysis: unknown) => parsed(analysis).policyFor(service).analysis;
const errors = { preset: 'target-5xx' };

describe('the analysis of a policy', () => {
  it('is off unless it is asked for, and a word is enough', () => {
    expect(parsePolicyFile('', 'policy.yml').policyFor(service).analysis).toBeNull();
    expect(analysisOf('standard')).toEqual(standardAnalysis);
    expect(analysisOf('off')).toBeNull();
    expect(analysisOf({})).toEqual(standardAnalysis);
  });

  it('takes what it does not say from its presets', () => {
    const analysis = analysisOf({
      falseAlarmPercent: 2,
      metrics: [
        errors,
        { ...errors, name: 'burst', compare: null, count: { max: 50, withinSeconds: 600 }, dryRun: true },
      ],
    });
    expect(analysis).toMatchObject({ falseAlarmPercent: 2, missRatePercent: 5, lagSeconds: 180 });
    expect(analysis?.metrics).toMatchObject([
      {
        name: 'errors',
        compare: { maxIncreasePercent: 50, unacceptableIncreasePercent: 200 },
        dryRun: false,
      },
      { name: 'burst', compare: null, count: { max: 50, withinSeconds: 600 }, dryRun: true },
    ]);
  });

  it('changes the version of the policy, and where it is off leaves that as it was', () => {
    const versions = ['standard', 'off', { lagSeconds: 120 }].map((one) =>
      policyVersion(parsed(one).policyFor(service)),
    );
    expect(versions[1]).toBe(policyVersion(defaultPolicy));
    expect(new Set(versions).size).toBe(3);
  });

  it('can be a tag of the service', async () => {
    const tagged = (value: string) => withTags(defaultPolicy, [{ key: 'rewind:analysis', value }], null);
    expect(await tagged('standard')).toMatchObject({ policy: { analysis: standardAnalysis }, problems: [] });
    expect((await tagged('off')).policy.analysis).toBeNull();
    expect(await tagged('always')).toMatchObject({
      policy: { mode: 'observe' },
      problems: [expect.any(String)],
    });
  });

  it.each([
    ['sometimes', 'must be standard, off, or hold what is measured'],
    [{ metrics: [] }, 'must name at least one metric'],
    [{ metrics: [{ preset: 'cpu' }] }, 'must be target-5xx or target-slow'],
    [{ metrics: [errors, errors] }, 'errors stands twice'],
    [{ metrics: [{ ...errors, compare: null }] }, 'must be held to one of compare, maxPercent and count'],
    [{ metrics: [{ ...errors, slowerThanSeconds: 1 }] }, 'is for the preset target-slow only'],
    [{ metrics: [{ ...errors, count: { max: 0, withinSeconds: 30 } }] }, 'from 60 to 86400'],
    [
      { metrics: [{ ...errors, compare: { maxIncreasePercent: 50, unacceptableIncreasePercent: 50 } }] },
      'must have a larger unacceptableIncreasePercent',
    ],
    [{ interval: 30 }, 'interval is not a key that Rewind knows'],
  ])('refuses %j, and says why', (analysis, sentence) => {
    expect(() => parsed(analysis)).toThrow(sentence);
  });

  const secret = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:shop/key-a1B2c3';
  const own = (query: string) =>
    `sum(increase(${query}{TaskRevision="{{ arm.revision }}"}[{{ window }}])) or vector(0)`;
  const checkout = {
    name: 'checkout',
    provider: { prometheus: { address: 'https://prometheus.example.com' } },
    events: own('errors_total'),
    total: own('requests_total'),
  };
  const server = (url: string, headers: object) => ({
    provider: { http: { url, authentication: { headers } } },
  });

  it('takes metrics of providers, and what is read again is the same', () => {
    const orders = { name: 'orders', provider: { lambda: { function: 'check-orders' } } };
    const lines = {
      name: 'lines',
      provider: { logs: { logGroup: '/ecs/web' } },
      events: '@message like /ERROR/',
    };
    const analysis = analysisOf({ metrics: [errors, checkout, orders, lines] });
    expect(analysis?.metrics).toMatchObject([
      { name: 'errors', preset: 'target-5xx' },
      {
        ...checkout,
        compare: { maxIncreasePercent: 50, unacceptableIncreasePercent: 200 },
        onNoData: 'inconclusive',
      },
      { ...orders, events: '', total: '' },
      { ...lines, total: '' },
    ]);
    expect(analysisOf(JSON.parse(JSON.stringify(analysis)))).toEqual(analysis);
  });

  it.each([
    [
      { provider: { prometheus: checkout.provider.prometheus, logs: { logGroup: 'a' } } },
      'must name one of cloudWatch, prometheus',
    ],
    [{ provider: { datadog: {} } }, 'datadog is not a key that Rewind knows'],
    [{ preset: 'target-5xx' }, 'must hold either preset or provider'],
    [{ name: undefined }, 'must be given to a metric of a provider'],
    [{ events: undefined }, 'must be a query that counts'],
    [{ total: 'sum(requests_total)' }, 'must be asked for one version, by {{ arm.revision }} or the like'],
    [
      { events: own('a{version="{{ arm.version }}"}') },
      'has a query with {{ arm.version }}, and Rewind fills in arm.revision',
    ],
    [
      server('https://example.com/{{ arm.revision }}', { Authorization: 'Bearer 1234' }),
      'must be the whole ARN of a secret',
    ],
    [
      server('http://example.com/{{ arm.revision }}', { Authorization: secret }),
      'must have an address that begins with https://',
    ],
    [{ provider: { prometheus: { address: 'prometheus' } } }, 'must be an address that begins with https://'],
    [
      { provider: { cloudWatch: { namespace: 'Shop', dimensions: 'all' } } },
      'must hold dimensions by their names',
    ],
    [{ slowerThanSeconds: 1 }, 'is for the preset target-slow only'],
  ])('R64 refuses %j of a provider, and says why', (part, sentence) => {
    expect(() => parsed({ metrics: [{ ...checkout, ...part }] })).toThrow(sentence);
  });

  it('R44 warns of a counter that begins with its first error', () => {
    const late = { ...checkout, events: checkout.events.replace(' or vector(0)', '') };
    expect(parsed({ metrics: [checkout] }).notes).toEqual([]);
    expect(parsed({ metrics: [late] }).notes).toEqual([
      'defaults: analysis: checkout: Prometheus shows no increase of a counter that begins with its first error: let the application begin its counters with 0, and write `or vector(0)` behind both queries',
    ]);
  });

  it('R23 warns of a count that good releases break', () => {
    const limit = (max: number) => parsed({ metrics: [{ ...errors, count: { max, withinSeconds: 600 } }] });
    expect(limit(0).notes).toEqual([
      'defaults: analysis: errors: count 0 within 600 s fails 100 % of the good releases that answer 600 requests a minute with 0.1 % errors',
    ]);
    expect(limit(50).notes).toEqual([]);
  });
});
