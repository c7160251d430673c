import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { eventually } from '../kit/eventually.ts';
import { freePort } from '../kit/free-port.ts';

/** The queue's Redis: `own` can be killed, `given` (by TEST_REDIS_URL, where no redis-server is installed) only emptied. */
export function redisHere(): 'own' | 'given' | 'none' {
  if (spawnSync('redis-server', ['--version']).status === 0) return 'own';
  return process.env['TEST_REDIS_URL'] ? 'given' : 'none';
}

/** A Redis that keeps nothing on disk: what is lost with it must not matter. */
export class RedisServer {
  readonly url: string;
  readonly #dir: string | undefined;
  #child: ChildProcess | undefined;

  private constructor(url: string, dir?: string) {
    this.url = url;
    this.#dir = dir;
  }

  /** undefined: there is none on this machine. */
  static async start(): Promise<RedisServer | undefined> {
    const here = redisHere();
    if (here === 'none') return undefined;
    if (here === 'given') return new RedisServer(process.env['TEST_REDIS_URL'] ?? '');
    const dir = mkdtempSync(join(tmpdir(), 'rapport-chaos-redis-'));
    const server = new RedisServer(`redis://127.0.0.1:${await freePort()}`, dir);
    await server.startAgain();
    return server;
  }

  async startAgain(): Promise<void> {
    const { port, hostname } = new URL(this.url);
    const where = ['--bind', hostname, '--port', port, '--dir', this.#dir ?? ''];
    this.#child = spawn('redis-server', [...where, '--save', '', '--appendonly', 'no'], { stdio: 'ignore' });
    await eventually(() => this.#call((redis) => redis.ping()));
  }

  async kill(): Promise<void> {
    const child = this.#child;
    if (!child) throw new Error('This Redis is not ours to kill.');
    this.#child = undefined;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  async flush(): Promise<void> {
    await this.#call((redis) => redis.flushall());
  }

  async remove(): Promise<void> {
    if (this.#child) await this.kill();
    if (this.#dir !== undefined) rmSync(this.#dir, { recursive: true, force: true });
  }

  async #call(work: (redis: Redis) => Promise<unknown>): Promise<void> {
    const redis = new Redis(this.url, { lazyConnect: true, retryStrategy: () => null });
    redis.on('error', () => undefined);
    try {
      await redis.connect();
      await work(redis);
    } finally {
      redis.disconnect();
    }
  }
}
