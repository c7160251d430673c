import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { send, type PublicWeb } from './public-web.ts';

interface Refusal {
  status: number;
  reason: string;
}

/** Whether a request to the server is one to a proxy: its target is a whole URL (RFC 9112, absolute-form). */
export function isForProxy(request: IncomingMessage): boolean {
  return /^https?:\/\//i.test(request.url ?? '');
}

/** Answers an absolute-form request. What cannot be reached is a 502, what a careful proxy does not do is a 403. */
export function forward(web: PublicWeb, request: IncomingMessage, response: ServerResponse): void {
  const target = request.url ?? '';
  if (!URL.canParse(target)) return send(response, 400, 'text/plain', 'The target is not a URL.');
  const url = new URL(target);
  const refusal = refuse(web, url.hostname, url.port || (url.protocol === 'https:' ? '443' : '80'));
  if (refusal) send(response, refusal.status, 'text/plain', refusal.reason);
  else web.answer(url, request, response);
}

/**
 * CONNECT host:80 gives a tunnel to the same sites as plain HTTP, because undici can tunnel for `http:` too; other ports are
 * refused with 405: the sandbox has no certificates.
 */
export function tunnels(web: PublicWeb, server: Server): { close(): void } {
  const open = new Map<Duplex, string>();
  const inside = createServer((request, response) => {
    const host = open.get(request.socket) ?? '';
    web.answer(new URL(request.url ?? '/', `http://${host}`), request, response);
  });
  server.on('connect', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const [host = '', port = ''] = (request.url ?? '').split(':');
    const refusal = refuse(web, host, port);
    socket.on('error', () => socket.destroy());
    if (refusal) {
      const { status, reason } = refusal;
      socket.end(
        `HTTP/1.1 ${status} ${status === 405 ? 'Method Not Allowed' : 'Refused'}\r\ncontent-type: text/plain\r\ncontent-length: ${Buffer.byteLength(reason)}\r\nconnection: close\r\n\r\n${reason}`,
      );
      return;
    }
    open.set(socket, host);
    socket.once('close', () => open.delete(socket));
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    if (head.length > 0) socket.unshift(head);
    inside.emit('connection', socket);
  });
  return {
    close: () => {
      for (const socket of open.keys()) socket.destroy();
    },
  };
}

function refuse(web: PublicWeb, hostname: string, port: string): Refusal | undefined {
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (isIP(host) !== 0 || host === 'localhost')
    return { status: 403, reason: `This proxy does not connect to ${hostname}: only names on the public web.` };
  if (!web.resolves(host)) return { status: 502, reason: `This proxy cannot resolve ${hostname}.` };
  if (port !== '80')
    return {
      status: 405,
      reason: `The sandbox web speaks plain HTTP on port 80 only, not port ${port}: use http://${hostname}/.`,
    };
  return undefined;
}
