import { seededRandom, type Random } from './seeded-random.ts';

/**
 * The stream of chance that belongs to one part of one run. Neighbouring seeds, whose first numbers a plain generator draws
 * alike, are told apart by a hash (MurmurHash3's finaliser over FNV-1a).
 */
export function streamOf(seed: number, part: string): Random {
  let hash = 0x811c_9dc5;
  for (const byte of Buffer.from(`${seed} ${part}`)) hash = Math.imul(hash ^ byte, 0x0100_0193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return seededRandom((hash ^ (hash >>> 16)) | 0);
}
