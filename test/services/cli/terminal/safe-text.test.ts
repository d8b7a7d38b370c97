import { describe, expect, it } from 'vitest';
import { printable, terminalJson, terminalText } from '../../../../services/cli/terminal/streams/safe-text';

const hostile =
  '\u001b]0;title\u0007\u001b[2J\u001b[8mhidden\r\nverdict passed\u202egnirts\u2066\u009b31m\u200b\u2028\u{e0041}end';
const hidden = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

describe('what reaches a terminal', () => {
  it('is one line without controls where it quotes a text of anyone', () => {
    const line = printable(hostile);
    expect(line).not.toMatch(hidden);
    expect(line).not.toContain('\n');
    expect(line).toContain('end');
  });

  it('keeps the line breaks of our output, and nothing else that moves a cursor', () => {
    expect(terminalText(`first\nsecond ${hostile}\n`)).not.toMatch(hidden);
    expect(terminalText('first\nsecond\n')).toBe('first\nsecond\n');
  });

  it('is the same value in JSON, with escapes for what JSON leaves as it is', () => {
    const document = { [hostile]: [hostile, 'Zoë 日本 🚀'] };
    const json = terminalJson(JSON.stringify(document, null, 2));
    expect(json).not.toMatch(hidden);
    expect(JSON.parse(json)).toEqual(document);
    expect(json).toContain('Zoë 日本 🚀');
  });
});
