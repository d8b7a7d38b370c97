import { contractWords } from '../../../../sentences/rollout-words';
import { type Child, element } from './element';

interface Standing {
  readonly glyph: string;
  readonly tone: 'good' | 'bad' | 'mended' | 'open' | 'quiet';
}

const standings: { readonly [standing: string]: Standing } = {
  succeeded: { glyph: '✓', tone: 'good' },
  rolledBack: { glyph: '↩', tone: 'mended' },
  rollbackFailed: { glyph: '✗', tone: 'bad' },
  noSafeTarget: { glyph: '✗', tone: 'bad' },
  notEnforced: { glyph: '!', tone: 'bad' },
  superseded: { glyph: '»', tone: 'quiet' },
  abandoned: { glyph: '–', tone: 'quiet' },
};
const stillOpen: Standing = { glyph: '…', tone: 'open' };

/** An outcome, or the phase of a rollout without one, as a badge: glyph, words and colour. */
export function badge(standing: string): HTMLElement {
  const { glyph, tone } = standingStyle(standing);
  const children: Child[] = [
    element('span', { 'aria-hidden': 'true' }, [`${glyph} `]),
    contractWords(standing),
  ];
  return element('span', { class: `badge ${tone}` }, children);
}

export function standingStyle(standing: string): Standing {
  return standings[standing] ?? stillOpen;
}
