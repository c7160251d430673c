import type { TopField } from './event-schema.ts';

/**
 * The row's API names behind the vendor's hex bitmaps: `0x..` over the top level (bit 0 is the header), `4-0x..` over the
 * parts of the compound at place 4 (Pub/Sub API docs: event deserialization considerations). A bit beyond the schema
 * and an entry that is no bitmap name nothing.
 */
export function expandBitmaps(bitmaps: readonly string[], fields: readonly TopField[]): string[] {
  const names: string[] = [];
  for (const bitmap of bitmaps) {
    const [, parent, bits] = /^(?:(\d+)-)?(0x[0-9a-f]+)$/i.exec(bitmap) ?? [];
    if (bits === undefined) continue;
    const places = setBits(BigInt(bits));
    if (parent !== undefined) {
      for (const place of places) names.push(fields[Number(parent)]?.parts[place]?.rowField ?? '');
      continue;
    }
    for (const place of places) {
      const field = fields[place];
      if (!field || place === 0) continue;
      // A compound marked as a whole stands for all its parts.
      if (field.scalar) names.push(field.name);
      else names.push(...field.parts.map(({ rowField }) => rowField));
    }
  }
  return names.filter((name) => name !== '');
}

function setBits(bits: bigint): number[] {
  const places: number[] = [];
  for (let place = 0; bits >> BigInt(place) > 0n; place += 1) {
    if ((bits >> BigInt(place)) & 1n) places.push(place);
  }
  return places;
}
