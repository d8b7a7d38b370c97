import colours from 'picocolors';

/**
 * What no text from outside may bring to a terminal: controls of ASCII and of Latin 1, which move
 * the cursor, colour the screen or name the window; marks that turn the direction of writing or
 * have no width; and the line breaks that only Unicode knows.
 */
const hidden = String.raw`[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]`;
const hiddenRuns = new RegExp(`${hidden}+`, 'gu');

/**
 * A text of anyone, on one line: nothing in it shall move the cursor or colour the screen, or look
 * like a line of ours.
 */
export function printable(text: string): string {
  return text.replace(hiddenRuns, ' ');
}

/** The colours and weights that our own output is written with. */
const ownStyle = String.raw`\u{1b}\[(?:[0-2]|22|3[0-79])m`;
const styleOrHidden = new RegExp(`${ownStyle}|${hidden}`, 'gu');

/** Output of ours as a terminal may have it: its line breaks, and its colours where it has any. */
export function terminalText(text: string): string {
  return text.replace(styleOrHidden, (found) => (isOurs(found) ? found : ' '));
}

function isOurs(found: string): boolean {
  return found === '\n' || (found.length > 1 && found.startsWith('\u001b') && colours.isColorSupported);
}

const hiddenInJson = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * A JSON text of the same value, with what JSON itself leaves as it is written as escapes: outside
 * of its strings there is none of it.
 */
export function terminalJson(json: string): string {
  return json.replace(hiddenInJson, (found) =>
    [...Array(found.length).keys()].map((index) => escaped(found.charCodeAt(index))).join(''),
  );
}

function escaped(codeUnit: number): string {
  return `\\u${codeUnit.toString(16).padStart(4, '0')}`;
}
