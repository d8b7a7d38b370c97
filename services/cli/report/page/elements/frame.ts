import { element } from './element';
import { hashOf } from './route';

interface PageFrame {
  /** What stands beside the name of Rewind. */
  readonly note: string | HTMLElement;
  /** What stands in place of the main part until there is one. */
  readonly wait: string;
}

/**
 * Puts what every page of Rewind has around its main part: the link over the banner, and the
 * banner.
 */
export function putFrame({ note, wait }: PageFrame): void {
  document.body.prepend(skipLink(), banner(note), element('main', { id: 'content' }, [wait]));
}

/**
 * Shows another main part. After a move within the page the focus goes to the heading, as on a page
 * that was loaded.
 */
export function replaceMain(next: HTMLElement, hasMoved: boolean): void {
  document.querySelector('main')?.replaceWith(next);
  const heading = next.querySelector('h1');
  document.title = `${heading?.textContent ?? ''} · Rewind`;
  if (!hasMoved) return;
  scrollTo(0, 0);
  heading?.focus({ preventScroll: true });
}

function skipLink(): HTMLElement {
  const skip = (event: Event) => {
    // The hash belongs to the page: following the link must not change it.
    event.preventDefault();
    document.querySelector('h1')?.focus();
  };
  return element('a', { class: 'skip', href: '#content', click: skip }, ['Skip to the content']);
}

function banner(note: PageFrame['note']): HTMLElement {
  const set = (event: Event) => {
    document.documentElement.dataset.theme = (event.target as HTMLSelectElement).value;
  };
  const themes = [
    ['system', 'as the system'],
    ['light', 'light'],
    ['dark', 'dark'],
  ] as const;
  const options = themes.map(([value, words]) => element('option', { value }, [words]));
  return element('header', {}, [
    element('a', { href: hashOf(null), class: 'brand' }, ['Rewind']),
    element('span', { class: 'note' }, [note]),
    element('label', { class: 'theme' }, ['Theme ', element('select', { change: set }, options)]),
  ]);
}
