import { decided, mutationsOf } from './mutations';
import { isTypeOnly, nodeIn, nodesIn, parseTypeScript, runFields, type SyntaxNode } from './syntax';

/** One change of a file. */
export interface Mutant {
  readonly number: number;
  readonly line: number;
  readonly original: string;
  readonly replacement: string;
}

interface Instrumented {
  /** The file with all of its mutants in it: each is switched on by its number. */
  readonly text: string;
  readonly mutants: readonly Mutant[];
}

/** Puts every mutant of a file beside what it stands for. */
export function instrument(text: string): Instrumented {
  const instrumenter = new Instrumenter(text);
  return { text: instrumenter.written(parseTypeScript(text)), mutants: instrumenter.mutants };
}

class Instrumenter {
  readonly mutants: Mutant[] = [];
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The text of the node with a switch around everything in it that has mutants. */
  written(node: SyntaxNode): string {
    const inner = this.#withParts(node, this.#partsOf(node));
    const numbers = mutationsOf(node, (part) => this.#textOf(part)).map((replacement) =>
      this.#add(node, replacement),
    );
    return switched(inner, numbers);
  }

  #partsOf(node: SyntaxNode): { readonly node: SyntaxNode; readonly text: string }[] {
    // In a chain, a switch would cut off what the question mark spares.
    const isChain = node.type === 'ChainExpression';
    if (isChain) return this.#argumentsInChain(node);
    return runFields(node)
      .flatMap((field) => nodesIn(node, field).map((part) => ({ field, part })))
      .filter(({ part }) => !isTypeOnly(part))
      .map(({ field, part }) => ({ node: part, text: this.#writtenIn(node, field, part) }));
  }

  #writtenIn(node: SyntaxNode, field: string, part: SyntaxNode): string {
    if (isShorthand(node)) return this.#textOf(part);
    if (node.type === 'CallExpression' && field === 'callee') return this.#writtenCallee(part);
    if (part.type === 'BlockStatement' && field === 'body') return this.#writtenBody(part);
    const text = this.written(part);
    const isCondition =
      field === 'test' && (node.type === 'IfStatement' || node.type === 'ConditionalExpression');
    if (isCondition) return this.#added(part, text, decided);
    const isAnswer = field === 'body' && node.type === 'ArrowFunctionExpression';
    return isAnswer ? this.#added(part, text, ['undefined']) : text;
  }

  /** What is called keeps its `this`. */
  #writtenCallee(callee: SyntaxNode): string {
    const parts = this.#partsOf(callee);
    return this.#withParts(callee, parts);
  }

  #writtenBody(block: SyntaxNode): string {
    const inner = this.#withParts(block, this.#partsOf(block));
    if (nodesIn(block, 'body').length === 0) return inner;
    return `{ if (!isMutant(${this.#add(block, '{}').number})) ${inner} }`;
  }

  #argumentsInChain(node: SyntaxNode): { readonly node: SyntaxNode; readonly text: string }[] {
    const inside = nodeIn(node, 'expression') ?? nodeIn(node, 'callee') ?? nodeIn(node, 'object');
    const own = nodesIn(node, 'arguments').map((part) => ({ node: part, text: this.written(part) }));
    return inside === undefined ? own : [...this.#argumentsInChain(inside), ...own];
  }

  #added(node: SyntaxNode, text: string, replacements: readonly string[]): string {
    return switched(
      text,
      replacements
        .filter((replacement) => replacement !== this.#textOf(node))
        .map((replacement) => this.#add(node, replacement)),
    );
  }

  #add(node: SyntaxNode, replacement: string): Mutant {
    const line = this.#text.slice(0, node.start).split('\n').length;
    const mutant = { number: this.mutants.length, line, original: this.#textOf(node), replacement };
    this.mutants.push(mutant);
    return mutant;
  }

  #withParts(
    node: SyntaxNode,
    parts: readonly { readonly node: SyntaxNode; readonly text: string }[],
  ): string {
    let written = '';
    let end = node.start;
    for (const part of [...parts].sort((a, b) => a.node.start - b.node.start)) {
      written += this.#text.slice(end, part.node.start) + part.text;
      end = part.node.end;
    }
    return written + this.#text.slice(end, node.end);
  }

  #textOf({ start, end }: SyntaxNode): string {
    return this.#text.slice(start, end);
  }
}

function switched(text: string, mutants: readonly Mutant[]): string {
  return mutants.reduce(
    (before, { number, replacement }) => `(isMutant(${number}) ? (${replacement}) : (${before}))`,
    text,
  );
}

function isShorthand(node: SyntaxNode): boolean {
  return node.type === 'Property' && node.shorthand === true;
}
