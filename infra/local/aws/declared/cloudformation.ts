import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type CollectionTag, parse, type ScalarTag } from 'yaml';

/** The folder that holds serverless.yml. */
export const projectFolder = fileURLToPath(new URL('../../../..', import.meta.url));

const scalarFunctions = ['Ref', 'GetAtt', 'Sub', 'ImportValue', 'Condition', 'Base64'];
const collectionFunctions = [
  'GetAtt',
  'Sub',
  'Join',
  'Select',
  'Split',
  'If',
  'Equals',
  'And',
  'Not',
  'FindInMap',
];

/**
 * CloudFormation's short forms, read as their long ones: `!GetAtt Queue.Arn` is `{ 'Fn::GetAtt':
 * 'Queue.Arn' }`.
 */
const cloudFormationTags: (ScalarTag | CollectionTag)[] = [
  ...scalarFunctions.map(
    (name): ScalarTag => ({ tag: `!${name}`, resolve: (text) => ({ [longName(name)]: text }) }),
  ),
  ...collectionFunctions.map(
    (name): CollectionTag => ({
      tag: `!${name}`,
      collection: 'seq',
      resolve: (items) => ({ [longName(name)]: items }) as never,
    }),
  ),
];

/**
 * Reads a file of the deployed stack, by its path from the project's folder. What CloudFormation
 * would fill in is left as it is.
 */
export function readCloudFormation<Content>(path: string): Content {
  return parse(readFileSync(new URL(`../../../../${path}`, import.meta.url), 'utf8'), {
    customTags: cloudFormationTags,
  });
}

function longName(name: string): string {
  return name === 'Ref' || name === 'Condition' ? name : `Fn::${name}`;
}
