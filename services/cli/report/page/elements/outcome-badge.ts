import { contractWords } from '../../../../sentences/rollout-words';
import { type Child, element } from './element';

interface OutcomeStyle {
  readonly glyph: string;
  readonly tone: 'good' | 'bad' | 'mended' | 'open' | 'quiet';
}

const outcomeStyles: { readonly [standing: string]: OutcomeStyle } = {
  succeeded: { glyph: '✓', tone: 'good' },
  rolledBack: { glyph: '↩', tone: 'mended' },
  rollbackFailed: { glyph: '✗', tone: 'bad' },
  noSafeTarget: { glyph: '✗', tone: 'bad' },
  notEnforced: { glyph: '!', tone: 'bad' },
  superseded: { glyph: '»', tone: 'quiet' },
  abandoned: { glyph: '–', tone: 'quiet' },
};
const stillOpen: OutcomeStyle = { glyph: '…', tone: 'open' };

/** An outcome, or the phase of a rollout without one, as a badge: glyph, words and colour. */
export function outcomeBadge(standing: string): HTMLElement {
  const { glyph, tone } = outcomeStyle(standing);
  const children: Child[] = [
    element('span', { 'aria-hidden': 'true' }, [`${glyph} `]),
    contractWords(standing),
  ];
  return element('span', { class: `badge ${tone}` }, children);
}

export function outcomeStyle(standing: string): OutcomeStyle {
  return outcomeStyles[standing] ?? stillOpen;
}
