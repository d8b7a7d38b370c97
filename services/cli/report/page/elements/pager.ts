import { element } from './element';

/** The page that an address asks for, as far as there is one. */
export function shownPage(parameters: URLSearchParams, pages: number): number {
  const page = Math.trunc(Number(parameters.get('page') ?? 1));
  return Math.min(Math.max(page || 1, 1), Math.max(pages, 1));
}

interface PagerOptions {
  /** From 1. */
  readonly page: number;
  readonly pages: number;
  readonly hrefOf: (page: number) => string;
}

/** Links to the neighbouring pages; null where everything fits on one. */
export function pager({ page, pages, hrefOf }: PagerOptions): HTMLElement | null {
  if (pages <= 1) return null;
  const link = (words: string, to: number) =>
    to < 1 || to > pages
      ? element('span', { class: 'off' }, [words])
      : element('a', { href: hrefOf(to) }, [words]);
  return element('nav', { class: 'pager', 'aria-label': 'Pages' }, [
    link('← previous', page - 1),
    element('span', {}, [`page ${page} of ${pages}`]),
    link('next →', page + 1),
  ]);
}
