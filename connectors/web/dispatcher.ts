import { lookup as lookupAll } from 'node:dns/promises';
import type { LookupAddress, LookupOptions } from 'node:dns';
import { Agent, ProxyAgent, type Dispatcher } from 'undici';
import { refusalOfAddress } from './address.ts';

/** All addresses of a name. */
export type Resolve = (host: string) => Promise<readonly LookupAddress[]>;

/** A name that leads to an address we must not connect to. */
export class BlockedAddress extends Error {}

const systemResolve: Resolve = (host) => lookupAll(host, { all: true, verbatim: true });

export interface DispatcherOptions {
  /** The deployment's egress proxy: it resolves names and holds the guard for addresses. */
  proxyUrl?: string | undefined;
  resolve?: Resolve | undefined;
  connect_ms: number;
}

/**
 * Connects without a proxy only to addresses that were checked: the name is resolved once, in the connection's own lookup, each address
 * is checked, and the connection goes to those very addresses, so that a second answer of the name server is never asked for. TLS still
 * sees the name.
 */
export function guardedDispatcher({ proxyUrl, resolve = systemResolve, connect_ms }: DispatcherOptions): Dispatcher {
  const common = { connections: 2, keepAliveTimeout: 5_000, maxHeaderSize: 32_768 };
  if (proxyUrl !== undefined) return new ProxyAgent({ uri: proxyUrl, ...common, proxyTls: { timeout: connect_ms } });
  const lookup = (host: string, options: LookupOptions, done: Done): void =>
    void answerLookup(host, options, resolve, done);
  return new Agent({ ...common, connect: { lookup, timeout: connect_ms } });
}

type Done = (error: Error | null, address: string | LookupAddress[], family?: number) => void;

async function answerLookup(host: string, options: LookupOptions, resolve: Resolve, done: Done): Promise<void> {
  let usable: LookupAddress[];
  try {
    usable = (await checkedAddresses(host, resolve)).filter(
      ({ family }) => options.family === undefined || options.family === 0 || family === options.family,
    );
  } catch (error) {
    return done(error as Error, '');
  }
  const [first] = usable;
  if (!first) done(new Error(`${host} has no address`), '');
  else if (options.all) done(null, usable);
  else done(null, first.address, first.family);
}

/** One private address among public ones refuses the name: which of them would be used is not ours to choose. */
async function checkedAddresses(host: string, resolve: Resolve): Promise<LookupAddress[]> {
  const addresses = await resolve(host);
  for (const { address } of addresses) {
    const refusal = refusalOfAddress(address);
    if (refusal !== undefined) throw new BlockedAddress(`${host} leads to ${refusal}`);
  }
  return [...addresses];
}
