import { gzipSync } from 'node:zlib';

/**
 * JSON as an element that the page unpacks when it needs it: gzip in base64, in which nothing can
 * close the element.
 */
export function embeddedElement(id: string, json: string): string {
  return `<script type="application/octet-stream" id="${id}">${gzipSync(json).toString('base64')}</script>\n`;
}

const replacements: { readonly [character: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** Text as it may stand in an element or a quoted attribute. */
export function escapedHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => replacements[character] ?? '');
}
