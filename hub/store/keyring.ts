import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { Fault, Invalid } from '../../protocol/errors.ts';

/** Keys of 32 bytes by id. `current` seals; the others still open what they sealed. */
export interface Keys {
  current: string;
  keys: Readonly<Record<string, Buffer>>;
}

/** A sealed text and the key it needs. `sealed` is base64 of nonce (12 bytes), tag (16) and ciphertext. */
export interface Sealed {
  keyId: string;
  sealed: string;
}

/** Encrypts at rest (AES-256-GCM) and hashes with a key. The `place` is bound in: a text moved to another place does not open. */
export class Keyring {
  readonly #keys: Keys;

  constructor(keys: Keys) {
    if (!keys.keys[keys.current]) {
      throw new Invalid(`There is no encryption key "${keys.current}".`, 'Give the key that is named as current.');
    }
    for (const [id, key] of Object.entries(keys.keys)) {
      if (key.length !== 32) {
        throw new Invalid(`Encryption key "${id}" has ${key.length} bytes.`, 'Give a key of 32 bytes.');
      }
    }
    this.#keys = keys;
  }

  seal(text: string, place: readonly string[]): Sealed {
    const keyId = this.#keys.current;
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.#key(keyId), nonce).setAAD(bytesOf(place));
    const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return { keyId, sealed: Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64') };
  }

  /** Throws Fault when the text was sealed for another place or altered. */
  open({ keyId, sealed }: Sealed, place: readonly string[]): string {
    const bytes = Buffer.from(sealed, 'base64');
    const decipher = createDecipheriv('aes-256-gcm', this.#key(keyId), bytes.subarray(0, 12), { authTagLength: 16 });
    decipher.setAAD(bytesOf(place)).setAuthTag(bytes.subarray(12, 28));
    try {
      return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
    } catch (cause) {
      throw new Fault('A stored secret does not open: it was altered, or belongs to another account.', cause);
    }
  }

  /** Hash with the current key. */
  hash(parts: readonly string[]): string {
    return this.#hash(this.#keys.current, parts);
  }

  /** Hashes with every key, to find what an earlier key hashed. */
  hashes(parts: readonly string[]): string[] {
    return Object.keys(this.#keys.keys).map((id) => this.#hash(id, parts));
  }

  #hash(keyId: string, parts: readonly string[]): string {
    const key = Buffer.from(hkdfSync('sha256', this.#key(keyId), '', 'rapport keyed hash', 32));
    return createHmac('sha256', key).update(bytesOf(parts)).digest('base64url');
  }

  #key(id: string): Buffer {
    const key = this.#keys.keys[id];
    if (!key)
      throw new Invalid(`There is no encryption key "${id}".`, 'Give the key that this secret was sealed with.');
    return key;
  }
}

function bytesOf(parts: readonly string[]): Buffer {
  return Buffer.from(JSON.stringify(parts));
}
