/**
 * The text of an answer; null where it is longer than that, and the rest is not read: a server of
 * somebody else's must not fill this process's memory.
 */
export async function limitedText(response: Response, bytesAtMost: number): Promise<string | null> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    bytes += part.byteLength;
    if (bytes > bytesAtMost) return null;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
