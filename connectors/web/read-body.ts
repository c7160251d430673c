import type { Response } from 'undici';

/**
 * The body after decompression, or undefined where it is longer than `limit_bytes`. It is read piece by piece and left when the limit
 * is passed, so that neither an endless page nor a small one that unpacks to gigabytes fills the memory.
 */
export async function readBody(response: Response, limit_bytes: number): Promise<Buffer | undefined> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of response.body ?? []) {
    length += (piece as Uint8Array).byteLength;
    if (length > limit_bytes) return undefined;
    pieces.push(piece as Uint8Array);
  }
  return Buffer.concat(pieces);
}
