type Attribute = string | number | boolean | null | ((event: Event) => void);
interface Attributes {
  readonly [name: string]: Attribute;
}
export type Child = Node | string | null;

/**
 * An HTML element. Text becomes text nodes and nothing else: whatever a history quotes cannot
 * become markup.
 */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  children: readonly Child[] = [],
): HTMLElementTagNameMap[Tag] {
  return dress(document.createElement(tag), attributes, children);
}

/** An SVG element, likewise. */
export function svgElement<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  children: readonly Child[] = [],
): SVGElementTagNameMap[Tag] {
  return dress(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);
}

function dress<Dressed extends Element>(
  dressed: Dressed,
  attributes: Attributes,
  children: readonly Child[],
): Dressed {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') dressed.addEventListener(name, value);
    else if (value === true) dressed.setAttribute(name, '');
    else if (value !== null && value !== false) dressed.setAttribute(name, String(value));
  }
  dressed.append(...children.filter((child) => child !== null));
  return dressed;
}
