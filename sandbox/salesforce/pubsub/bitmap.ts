import type { FieldPlace } from './event-schema.ts';

/**
 * Fields as the vendor's hex bitmaps: one over the schema's top level, then one for each compound that has parts,
 * written `<place of the compound>-0x..` (Pub/Sub API docs: event deserialization considerations).
 */
export function encodeBitmaps(places: readonly FieldPlace[]): string[] {
  let top = 0n;
  const compounds = new Map<number, bigint>();
  for (const { index, compound, part } of places) {
    if (compound === undefined) top |= 1n << BigInt(index);
    else compounds.set(index, (compounds.get(index) ?? 0n) | (1n << BigInt(part)));
  }
  const nested = [...compounds].sort(([a], [b]) => a - b).map(([index, bits]) => `${index}-${hex(bits)}`);
  return top === 0n ? nested : [hex(top), ...nested];
}

function hex(bits: bigint): string {
  const digits = bits.toString(16).toUpperCase();
  return `0x${digits.length % 2 ? '0' : ''}${digits}`;
}
