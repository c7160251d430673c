import { connect } from 'node:net';

/**
 * Sends whole HTTP requests over `concurrency` kept connections, one at a time on each, and answers with the seconds it took.
 * A plain socket costs less than any HTTP client, so that the server has the machine. Throws on any answer but 200.
 */
export async function sendAll(port: number, requests: readonly Buffer[], concurrency: number): Promise<number> {
  let next = 0;
  const started_ms = performance.now();
  const one = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true });
      let answer = '';
      const send = (): void => {
        const request = requests[next];
        next += 1;
        if (request) socket.write(request);
        else socket.end(resolve);
      };
      socket.setEncoding('latin1');
      socket.on('connect', send);
      socket.on('data', (text: string) => {
        answer += text;
        const end = answerEnd(answer);
        if (end === undefined) return;
        if (!answer.startsWith('HTTP/1.1 200')) {
          socket.destroy();
          reject(new Error(`the server answered ${answer.slice(0, 300)}`));
          return;
        }
        answer = answer.slice(end);
        send();
      });
      socket.on('error', reject);
    });
  await Promise.all(Array.from({ length: concurrency }, one));
  return (performance.now() - started_ms) / 1_000;
}

/** Where the first answer ends; undefined while it is not whole. All our servers say their content-length. */
function answerEnd(text: string): number | undefined {
  const head = text.indexOf('\r\n\r\n');
  if (head < 0) return undefined;
  const length = /content-length: (\d+)/i.exec(text.slice(0, head))?.[1] ?? '0';
  const end = head + 4 + Number(length);
  return text.length >= end ? end : undefined;
}
