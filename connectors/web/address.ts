import ipaddr from 'ipaddr.js';

/**
 * Why an IP address is not on the public internet, or undefined where it is. IPv4 inside IPv6 (mapped, NAT64, 6to4, Teredo) is
 * refused whatever it holds: it is a second way to write an address, and no public site needs it. Throws for what is no address.
 */
export function refusalOfAddress(address: string): string | undefined {
  const bare = address.replace(/%.*$/, '');
  const range = ipaddr.parse(bare).range();
  if (bare !== address) return `${address} names a network interface`;
  return range === 'unicast' ? undefined : `${address} is ${words[range] ?? `a reserved address (${range})`}`;
}

const words: Readonly<Record<string, string>> = {
  private: 'a private address',
  uniqueLocal: 'a private address',
  loopback: 'this machine itself',
  unspecified: 'this machine itself',
  linkLocal: 'a link-local address',
  carrierGradeNat: 'inside a provider’s own network',
  multicast: 'a multicast address',
  broadcast: 'a broadcast address',
};
