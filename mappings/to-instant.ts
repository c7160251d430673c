/**
 * Salesforce writes `+0000` and keeps whole seconds; HubSpot ISO or milliseconds since 1970. The canonical form is the
 * coarser one: a value would otherwise differ from its own image.
 */
export function toInstant(written: string): string | undefined {
  const plain = written.trim();
  const iso = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2}))?$/.exec(plain);
  // Only whole forms are read: Date.parse would make a date of `room 5`, and a local time of one without a zone.
  if (!iso && !/^-?\d+$/.test(plain)) return undefined;
  if (iso && !isDay(String(iso[1]))) return undefined;
  const time_ms = iso ? Date.parse(plain.replace(/([+-]\d{2})(\d{2})$/, iso[2] ? '$1:$2' : '$&')) : Number(plain);
  const time = new Date(Math.floor(time_ms / 1000) * 1000);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}

/** `2025-02-30` is none, although Date.parse takes it. */
function isDay(written: string): boolean {
  const time = new Date(`${written}T00:00:00Z`);
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(written);
}
