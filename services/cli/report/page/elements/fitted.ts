import { element } from './element';

/**
 * A drawing as wide as its place, drawn again when that changes. Plots are not scaled: their texts
 * would be too small to read.
 */
export function fitted(draw: (width: number) => Element): HTMLElement {
  const place = element('div', { class: 'fitted' });
  let drawn = 0;
  new ResizeObserver(([entry]) => {
    const width = Math.floor(entry?.contentRect.width ?? 0);
    if (width === 0 || width === drawn) return;
    drawn = width;
    place.replaceChildren(draw(width));
  }).observe(place);
  return place;
}
