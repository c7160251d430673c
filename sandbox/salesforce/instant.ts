/** `2026-01-31T10:00:00.000+0000`, in UTC and whole seconds: the API keeps no fractions of a second. */
export function apiInstant(at_ms: number): string {
  return `${new Date(Math.floor(at_ms / 1000) * 1000).toISOString().slice(0, 19)}.000+0000`;
}

/** Milliseconds of an ISO instant with a zone (`Z`, `+01:00` or `+0100`), or undefined if it is none. */
export function parseInstant(value: string): number | undefined {
  const found = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?)(Z|[+-]\d{2}:?\d{2})$/i.exec(value);
  if (!found) return undefined;
  const zone = (found[2] ?? '').replace(/^([+-]\d{2})(\d{2})$/, '$1:$2');
  const at_ms = Date.parse(`${found[1]}${zone}`);
  return Number.isNaN(at_ms) ? undefined : at_ms;
}

/** Whether a text is a calendar date `YYYY-MM-DD` that exists. */
export function isDate(value: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const at_ms = Date.parse(`${value}T00:00:00Z`);
  return !Number.isNaN(at_ms) && new Date(at_ms).toISOString().slice(0, 10) === value;
}
