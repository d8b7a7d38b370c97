import type { Child } from '../../../report/page/elements/element';

/**
 * Puts new content in the place of old without moving whoever reads or works there: the focus, what
 * is unfolded, and how far something is scrolled stay as they were. What is pressed stays until it
 * is released, as it would lose its click; of several contents that wait for that the newest comes.
 */
export function swapContent(container: HTMLElement, content: readonly Child[]): void {
  const turn = String(Number(container.dataset.turn ?? 0) + 1);
  container.dataset.turn = turn;
  const swapOnceReleased = () => {
    if (container.dataset.turn !== turn) return;
    if (container.querySelector(':active') === null) swap(container, content);
    else requestAnimationFrame(swapOnceReleased);
  };
  swapOnceReleased();
}

function swap(container: HTMLElement, content: readonly Child[]): void {
  const focused = pathOfFocus(container);
  const unfolded = [...container.querySelectorAll('details')].map(({ open }) => open);
  const scrolled = [...container.querySelectorAll('.scroll')].map(({ scrollLeft }) => scrollLeft);
  // Figures are drawn once their place has a size: until then the page must not become shorter.
  container.style.minHeight = `${container.offsetHeight}px`;
  container.replaceChildren(...content.filter((child) => child !== null));
  for (const [index, details] of [...container.querySelectorAll('details')].entries()) {
    details.open = unfolded[index] ?? details.open;
  }
  for (const [index, place] of [...container.querySelectorAll('.scroll')].entries()) {
    place.scrollLeft = scrolled[index] ?? 0;
  }
  if (focused !== null) focusAt(container, focused);
  requestAnimationFrame(() => {
    container.style.minHeight = '';
    // Links in figures are drawn by now.
    if (focused !== null && !container.contains(document.activeElement)) focusAt(container, focused);
  });
}

/** A link is known again by where it leads, all else by its id. */
function pathOfFocus(container: HTMLElement): string | null {
  const { activeElement } = document;
  if (activeElement === null || !container.contains(activeElement)) return null;
  const href = activeElement.getAttribute('href');
  if (href !== null) return `[href="${CSS.escape(href)}"]`;
  if (activeElement.id !== '') return `#${CSS.escape(activeElement.id)}`;
  const label = activeElement.getAttribute('aria-label');
  return label === null ? null : `[aria-label="${CSS.escape(label)}"]`;
}

function focusAt(container: HTMLElement, path: string): void {
  container.querySelector<HTMLElement>(path)?.focus({ preventScroll: true });
}
