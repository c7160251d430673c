const LONGEST_MS = 15_000;

interface FetchOptions {
  method?: string;
  timeout?: number;
  body?: Record<string, unknown>;
}

/** `hubspot.fetch`: the stand-in's server checks the address, adds user and portal, signs, and calls the app's back end. */
export function hubspotFetch(portalId: number, user: { id: number; email: string }) {
  return (url: string | URL, { method = 'GET', timeout = LONGEST_MS, body }: FetchOptions = {}): Promise<Response> =>
    fetch('/_ui/hubspot-fetch', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ portalId, user, url: String(url), method, body }),
      signal: AbortSignal.timeout(Math.min(timeout, LONGEST_MS)),
    });
}
