import { parseAst } from 'vitest/node';

/** A node of TypeScript's syntax tree, as far as mutations ask about it. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

/** Throws where the text is no TypeScript. */
export function parseTypeScript(text: string): SyntaxNode {
  return nodeFrom(parseAst(text, { lang: 'ts' }));
}

/** What stands in a field of a node; undefined where that is no node. */
export function nodeIn(node: SyntaxNode, field: string): SyntaxNode | undefined {
  const value = node[field];
  return isNode(value) ? value : undefined;
}

/** The nodes in a field that holds one, none, or a list. */
export function nodesIn(node: SyntaxNode, field: string): readonly SyntaxNode[] {
  const value = node[field];
  return (Array.isArray(value) ? value : [value]).filter(isNode);
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value && 'end' in value;
}

function nodeFrom(value: unknown): SyntaxNode {
  if (!isNode(value)) throw new Error('the parser gave no syntax tree');
  return value;
}

/** The fields of a node that hold what is run: no types, no names of properties, no patterns. */
export function runFields({ type, computed, ...fields }: SyntaxNode): readonly string[] {
  const left = leftOut[type] ?? [];
  return Object.keys(fields).filter(
    (field) => !typeFields.has(field) && (computed === true || !left.includes(field)),
  );
}

const typeFields = new Set([
  'typeAnnotation',
  'typeArguments',
  'typeParameters',
  'returnType',
  'superTypeArguments',
]);

const leftOut: { readonly [type: string]: readonly string[] } = {
  Property: ['key'],
  MethodDefinition: ['key'],
  PropertyDefinition: ['key'],
  MemberExpression: ['property'],
  VariableDeclarator: ['id'],
  AssignmentExpression: ['left'],
  UpdateExpression: ['argument'],
  ImportDeclaration: ['source', 'specifiers', 'attributes'],
  ExportNamedDeclaration: ['source', 'specifiers', 'attributes'],
  ExportAllDeclaration: ['source'],
};

/** Whether nothing of the node is there when the program runs. */
export function isTypeOnly({ type }: SyntaxNode): boolean {
  return type.startsWith('TS') && !carriesExpression.has(type);
}

const carriesExpression = new Set(['TSAsExpression', 'TSSatisfiesExpression', 'TSNonNullExpression']);
