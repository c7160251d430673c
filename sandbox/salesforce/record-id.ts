const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';
const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/**
 * The 18-character form of a 15-character id: three characters more, each holding which of five are capitals.
 * Source: Salesforce help, "15-character and 18-character IDs".
 */
export function longId(shortId: string): string {
  let suffix = '';
  for (let chunk = 0; chunk < 3; chunk += 1) {
    let bits = 0;
    for (let index = 0; index < 5; index += 1) {
      if (/[A-Z]/.test(shortId[chunk * 5 + index] ?? '')) bits += 2 ** index;
    }
    suffix += alphabet[bits] ?? '';
  }
  return shortId + suffix;
}

/** The 18-character form of a 15- or 18-character id, or undefined for anything else (a wrong checksum included). */
export function normaliseId(value: string): string | undefined {
  if (!/^([A-Za-z0-9]{15}|[A-Za-z0-9]{18})$/.test(value)) return undefined;
  const full = longId(value.slice(0, 15));
  return value.length === 15 || value === full ? full : undefined;
}

/** The `serial`-th id of an object. Both orgs count alike, so that the same row has the same id in both. */
export function recordId(keyPrefix: string, serial: number): string {
  let digits = '';
  for (let rest = serial; rest > 0; rest = Math.floor(rest / 62)) digits = (base62[rest % 62] ?? '') + digits;
  return longId(`${keyPrefix}5f${digits.padStart(10, '0')}`);
}
