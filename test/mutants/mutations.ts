import { nodeIn, nodesIn, type SyntaxNode } from './syntax';

/** What may stand in the place of a node. `textOf` gives the text of a node of the same file. */
export function mutationsOf(node: SyntaxNode, textOf: (node: SyntaxNode) => string): readonly string[] {
  switch (node.type) {
    case 'BinaryExpression':
    case 'LogicalExpression':
      return operatorsFor(node).map((operator) => withOperator(node, operator, textOf));
    case 'UnaryExpression':
      return node.operator === '!' || node.operator === '-' ? argumentAlone(node, textOf) : [];
    case 'Literal':
      return literals(node);
    case 'ArrayExpression':
      return nodesIn(node, 'elements').length > 0 ? ['[]'] : [];
    case 'ObjectExpression':
      return nodesIn(node, 'properties').length > 0 ? ['{}'] : [];
    case 'ChainExpression':
      return [
        textOf(node)
          .replace(/\?\.(?=[\w#])/g, '.')
          .replaceAll('?.', ''),
      ];
    case 'CallExpression':
      return calls(node, textOf);
    default:
      return [];
  }
}

/** Conditions are taken for true and for false. */
export const decided = ['true', 'false'];

const otherOperators: { readonly [operator: string]: readonly string[] } = {
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '===': ['!=='],
  '!==': ['==='],
  '==': ['!='],
  '!=': ['=='],
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '/': ['*'],
  '%': ['*'],
  '&&': ['||'],
  '||': ['&&'],
  '??': ['&&'],
};

function operatorsFor({ operator }: SyntaxNode): readonly string[] {
  return otherOperators[String(operator)] ?? [];
}

function withOperator(node: SyntaxNode, operator: string, textOf: (node: SyntaxNode) => string): string {
  const [left, right] = [nodeIn(node, 'left'), nodeIn(node, 'right')].map((side) => side && textOf(side));
  return `(${left}) ${operator} (${right})`;
}

function argumentAlone(node: SyntaxNode, textOf: (node: SyntaxNode) => string): readonly string[] {
  return nodesIn(node, 'argument').map(textOf);
}

/** Sentences that people read are left as they are: no test should hold every word of them. */
function literals({ value }: SyntaxNode): readonly string[] {
  if (typeof value === 'boolean') return [String(!value)];
  if (typeof value === 'string') return value === '' || value.includes(' ') ? [] : ["''"];
  return [];
}

const otherMethods: { readonly [method: string]: string } = {
  some: 'every',
  every: 'some',
  min: 'max',
  max: 'min',
  startsWith: 'endsWith',
  endsWith: 'startsWith',
  find: 'findLast',
  findLast: 'find',
};
const sparedMethods = new Set(['filter', 'slice', 'sort', 'toSorted', 'reverse', 'toReversed', 'trim']);

function calls(node: SyntaxNode, textOf: (node: SyntaxNode) => string): readonly string[] {
  const callee = nodeIn(node, 'callee');
  const object = callee && nodeIn(callee, 'object');
  const property = callee && nodeIn(callee, 'property');
  if (callee?.type !== 'MemberExpression' || object === undefined || property === undefined) return [];
  const method = textOf(property);
  if (sparedMethods.has(method)) return [textOf(object)];
  const other = otherMethods[method];
  if (other === undefined) return [];
  const text = textOf(node);
  const from = property.start - node.start;
  return [`${text.slice(0, from)}${other}${text.slice(from + method.length)}`];
}
