import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { dictionary1 } from './dictionary-1';
import type { ItemKey } from './event-table';

/**
 * What an item holds in one compressed attribute: the event's own facts, and the notification it
 * came from.
 */
interface Body {
  readonly facts: { readonly [field: string]: unknown };
  readonly notification: string | null;
}

const newestVersion = 1;

/**
 * Every dictionary that a body was ever written with. None ever changes: its bodies could not be
 * read any more.
 */
const dictionaries: { readonly [version: number]: (key: ItemKey) => Buffer } = { 1: dictionary1 };

/**
 * Packs a body into bytes: one for the version of the dictionary, then raw deflate of the facts as
 * JSON and, behind a newline, the notification. JSON.stringify writes no newline, so the first one
 * is the border; none means null.
 */
export function packBody(key: ItemKey, { facts, notification }: Body): Uint8Array {
  const factsLine = JSON.stringify(facts);
  const text = notification === null ? factsLine : `${factsLine}\n${notification}`;
  const packed = deflateRawSync(text, {
    level: 9,
    memLevel: 9,
    dictionary: dictionaryOf(newestVersion, key),
  });
  return Buffer.concat([Buffer.of(newestVersion), packed]);
}

/**
 * The body as it was packed, the notification byte for byte. Throws where the bytes are no body of
 * this key.
 */
export function unpackBody(key: ItemKey, bytes: Uint8Array): Body {
  const dictionary = dictionaryOf(bytes[0] ?? 0, key);
  const text = inflateRawSync(bytes.subarray(1), { dictionary }).toString('utf8');
  const border = text.indexOf('\n');
  if (border === -1) return { facts: JSON.parse(text), notification: null };
  return { facts: JSON.parse(text.slice(0, border)), notification: text.slice(border + 1) };
}

function dictionaryOf(version: number, key: ItemKey): Buffer {
  const dictionary = dictionaries[version];
  if (dictionary === undefined) throw new RangeError(`no body was ever written with dictionary ${version}`);
  return dictionary(key);
}
