import { describe, expect, it } from 'vitest';
import {
  type EventPattern,
  matchesEventPattern,
  UnknownPatternError,
} from '../../../../../infra/local/aws/bus/event-patterns';

const event = {
  source: 'aws.ecs',
  'detail-type': 'ECS Task State Change',
  resources: ['arn:task/1', 'arn:task/2'],
  detail: {
    group: 'service:web',
    stopCode: null,
    reason: '',
    path: 'a*b/lib/c',
    version: 5,
    isSpot: false,
    empty: [],
    containers: [
      { name: 'app', exitCode: 0 },
      { name: 'sidecar', exitCode: 137 },
    ],
  },
};

const detail = (pattern: EventPattern): EventPattern => ({ detail: pattern });
const matching: readonly (readonly [string, EventPattern])[] = [
  ['an exact value', { source: ['aws.ecs'] }],
  ['one of several values', { source: ['aws.s3', 'aws.ecs'] }],
  ['an empty pattern', {}],
  ['any element of a list', { resources: ['arn:task/2'] }],
  ['null', detail({ stopCode: [null] })],
  ['an empty text', detail({ reason: [''] })],
  ['false', detail({ isSpot: [false] })],
  ['prefix', detail({ group: [{ prefix: 'service:' }] })],
  ['prefix, ignoring case', detail({ group: [{ prefix: { 'equals-ignore-case': 'SERVICE:' } }] })],
  ['suffix', detail({ group: [{ suffix: ':web' }] })],
  ['equals-ignore-case', { source: [{ 'equals-ignore-case': 'AWS.ECS' }] }],
  ['wildcard', detail({ path: [{ wildcard: '*/lib/*' }] })],
  ['wildcard with a star of its own', detail({ path: [{ wildcard: 'a\\*b/*' }] })],
  ['numeric equality', detail({ version: [{ numeric: ['=', 5] }] })],
  ['numeric range', detail({ version: [{ numeric: ['>', 4, '<=', 5] }] })],
  ['anything-but', { source: [{ 'anything-but': 'aws.s3' }] }],
  ['anything-but a list', detail({ version: [{ 'anything-but': [1, 2] }] })],
  ['anything-but a prefix', { source: [{ 'anything-but': { prefix: 'custom.' } }] }],
  ['anything-but several suffixes', { source: [{ 'anything-but': { suffix: ['.s3', '.ec2'] } }] }],
  ['anything-but a wildcard', detail({ path: [{ 'anything-but': { wildcard: '*/bin/*' } }] })],
  ['anything-but, for a null', detail({ stopCode: [{ 'anything-but': 'UserInitiated' }] })],
  ['exists', detail({ group: [{ exists: true }] })],
  ['exists, for a null', detail({ stopCode: [{ exists: true }] })],
  ['absence', detail({ startedBy: [{ exists: false }] })],
  ['absence, below an absent field', { none: { deeper: [{ exists: false }] } }],
  ['absence, of an object: only leaves exist', { detail: [{ exists: false }] }],
  ['absence or a value', detail({ group: [{ exists: false }, 'service:web'] })],
  ['the same element of a list', detail({ containers: { name: ['sidecar'], exitCode: [137] } })],
  ['$or', { $or: [{ source: ['aws.s3'] }, { resources: ['arn:task/1'] }] }],
];
const others: readonly (readonly [string, EventPattern])[] = [
  ['another value', { source: ['aws.s3'] }],
  ['a value in another case', { source: ['AWS.ECS'] }],
  ['an absent field', detail({ startedBy: ['ecs-svc/1'] })],
  ['null, for an absent field', detail({ startedBy: [null] })],
  ['null, for an empty text', detail({ reason: [null] })],
  ['a number, for a text', { source: [5] }],
  ['a text, for a number', detail({ version: ['5'] })],
  ['prefix, for a number', detail({ version: [{ prefix: '5' }] })],
  ['numeric, for a text', detail({ group: [{ numeric: ['>', 0] }] })],
  ['numeric out of range', detail({ version: [{ numeric: ['>', 5] }] })],
  ['anything-but its value', { source: [{ 'anything-but': ['aws.ecs', 'aws.s3'] }] }],
  ['anything-but its prefix', { source: [{ 'anything-but': { prefix: 'aws.' } }] }],
  ['anything-but, for an absent field', detail({ startedBy: [{ 'anything-but': 'ecs-svc/1' }] })],
  ['wildcard that must end there', detail({ path: [{ wildcard: '*/lib' }] })],
  ['wildcard whose dot is a dot', { source: [{ wildcard: 'aws?ecs' }] }],
  ['exists, for an absent field', detail({ startedBy: [{ exists: true }] })],
  ['exists, for an empty list', detail({ empty: [{ exists: true }] })],
  ['exists, for an object', { detail: [{ exists: true }] }],
  ['a pattern below a text', { source: { deeper: ['x'] } }],
  ['different elements of a list', detail({ containers: { name: ['app'], exitCode: [137] } })],
  ['one of two fields', { source: ['aws.ecs'], resources: ['arn:task/3'] }],
  ['$or of two others', { $or: [{ source: ['a'] }, { source: ['b'] }] }],
  ['$or beside another field', { $or: [{ source: ['aws.ecs'] }, { source: ['b'] }], resources: ['none'] }],
];

describe('an event pattern', () => {
  it.each(matching)('matches %s', (_, pattern) => {
    expect(matchesEventPattern(pattern, event)).toBe(true);
  });

  it.each(others)('does not match %s', (_, pattern) => {
    expect(matchesEventPattern(pattern, event)).toBe(false);
  });

  it.each<[string, EventPattern]>([
    ['a comparison that is not known', { source: [{ cidr: '10.0.0.0/8' }] }],
    ['two comparisons in one', { source: [{ prefix: 'a', suffix: 'b' }] }],
    ['a range that is none', detail({ version: [{ numeric: ['>'] }] })],
    ['a prefix that is no text', { source: [{ prefix: 5 }] }],
  ])('is refused for %s', (_, pattern) => {
    expect(() => matchesEventPattern(pattern, event)).toThrow(UnknownPatternError);
  });
});
