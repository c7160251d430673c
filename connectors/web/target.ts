import { isIP } from 'node:net';

/** Suffixes of names that only mean something inside somebody's own network (RFC 6761, RFC 6762, RFC 8375, ICANN `.internal`). */
const innerNames = /(?:^|\.)(?:localhost|local|internal|intranet|lan|home\.arpa|in-addr\.arpa|ip6\.arpa|onion|alt)$/;

/**
 * Why a URL must not be fetched, as far as the URL itself says it, or undefined. Only http and https on their own ports, and only names:
 * the URL parser has by then turned decimal, octal and hexadecimal forms of an address into the address.
 */
export function refusalOfUrl(url: URL): string | undefined {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return `${url.protocol} is not a public page`;
  if (url.username !== '' || url.password !== '') return 'the address carries a user name or password';
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (isIP(host) !== 0) return `${host} is an address, not a name`;
  if (!host.includes('.') || innerNames.test(host)) return `${host} is not a public name`;
  if (url.port !== '' && url.port !== '80' && url.port !== '443') return `port ${url.port} is not 80 or 443`;
  return undefined;
}
