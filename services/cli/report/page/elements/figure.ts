import { element } from './element';

/** A figure with a heading before it and a sentence that says in words what it shows. */
export function figure(parts: {
  heading: string;
  caption: string;
  content: readonly Element[];
}): HTMLElement {
  return element('section', {}, [
    element('h2', {}, [parts.heading]),
    element('figure', {}, [...parts.content, element('figcaption', {}, [parts.caption])]),
  ]);
}

/**
 * What a screen reader says of a plot: as an `img` instead of its marks, as a `group` before the
 * links in it.
 */
export function described(plot: Element, role: 'img' | 'group', label: string): Element {
  // Plot names its groups of marks, and ARIA forbids names of what has no role.
  for (const group of plot.querySelectorAll('g[aria-label]')) group.removeAttribute('aria-label');
  plot.setAttribute('role', role);
  plot.setAttribute('aria-label', label);
  return plot;
}
