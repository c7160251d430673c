import { createServer, type RequestListener, type Server } from 'node:http';
import net, { type AddressInfo, type NetConnectOpts } from 'node:net';

/** A server on this machine that the test pretends is at a public address. */
export interface LocalSite {
  /** How often somebody connected to it. */
  connections(): number;
  /** The addresses that connections were allowed to go to, in order. */
  reached: string[];
  close(): Promise<void>;
}

/**
 * Serves `answer`, and sends every connection of this process for a name to it, after the connection's own lookup gave its addresses:
 * what the guard sees is as in life, only the last step leads here instead of out.
 */
export async function localSite(answer: RequestListener): Promise<LocalSite> {
  let connections = 0;
  const server: Server = createServer(answer);
  server.on('connection', () => connections++);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const real = net.connect;
  const reached: string[] = [];
  const divert = (options: NetConnectOpts & { host: string; lookup: NonNullable<net.TcpNetConnectOpts['lookup']> }) => {
    const socket = new net.Socket();
    options.lookup(options.host, { all: true }, (error, addresses) => {
      if (error) return socket.destroy(error);
      reached.push(...(addresses as { address: string }[]).map(({ address }) => address));
      socket.connect(port, '127.0.0.1');
    });
    return socket;
  };
  net.connect = divert as typeof net.connect;
  return {
    connections: () => connections,
    reached,
    async close() {
      net.connect = real;
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
