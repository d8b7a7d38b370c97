import * as Plot from '@observablehq/plot';

/** A symbol of a plot by itself, for the words of a legend; the words say what it means. */
export function sign(symbol: Plot.SymbolType, colour: string): Element {
  const drawn = Plot.plot({
    width: 16,
    height: 16,
    margin: 0,
    axis: null,
    x: { domain: [-1, 1] },
    y: { domain: [-1, 1] },
    marks: [Plot.dot([0], { x: 0, y: 0, r: 4.5, symbol, stroke: colour, strokeWidth: 1.8 })],
  });
  drawn.setAttribute('aria-hidden', 'true');
  drawn.classList.add('sign');
  return drawn;
}
